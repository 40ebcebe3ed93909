/** Beginning a response. */

import { addDraft } from './store/drafts.js'

/** @typedef {import('./application.js').App} App */

/**
 * Makes a draft of `form` at a place and opens it.
 * @param {App} app
 * @param {{id: string, version: string, model: string, title: string}} form
 * @param {string | null} place code
 * @param {{replace?: boolean, door?: string}} [options] `replace`: whether the present page leaves the history; `door`: id of the door where it is begun
 */
export async function startDraft(app, form, place, { replace, door } = {}) {
  const now = Date.now()
  const id = crypto.randomUUID()
  /** @type {import('./store/types.js').Draft} */
  const draft = {
    id,
    form: form.id,
    version: form.version,
    model: form.model,
    title: form.title,
    place,
    author: app.state.device?.user.id ?? '',
    language: '',
    answers: null,
    position: '',
    started_at: now,
    updated_at: now,
    rev: 0,
    ...(door && { door }),
  }
  // Whoever reads or saves it waits for this writing by itself; the form that opens now has it from here.
  addDraft(app.database, draft).catch(() => {
    draft.isUnkept = true
  })
  app.begun = draft
  await app.router.go(`/app/fill/${id}`, { replace })
}
