/** A finished response: its document, made of the draft, goes into the outbox. */

import { offsetAt } from './clock.js'
import { hashText } from './digest.js'
import { makeDocument } from './response.js'
import { filesOf } from './store/files.js'
import { finishDraft } from './store/outbox-changes.js'

/** @typedef {import('./store/types.js').Draft} Draft */

/**
 * Gives the content hash, null where another tab was first and the answers became a new draft, and the draft as it is then.
 * @param {import('./store/database.js').Database} database
 * @param {Draft} draft
 * @param {{answers: any, instanceName: string}} result of `form.finish()`
 * @param {{root: string, language: string, device: string}} context names of the form's root and language, id of the device
 * @returns {Promise<{hash: string | null, draft: Draft}>}
 */
export async function finishAsResponse(database, draft, result, context) {
  const files = await filesOf(database, draft.id)
  const now = Date.now()
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  const { text, fileNames } = makeDocument({ draft, result, ...context, files, now, offsetAt, tz: timeZone })
  const hash = await hashText(text)
  const { id, form, title, place, author } = draft
  const summary = { form, title, place, author, name: result.instanceName, finished_at: now }
  const entry = { hash, id, document: text, status: /** @type {const} */ ('waiting'), tries: 0, error: '', receipt: null, files_left: fileNames, summary, ...(draft.returned && { base: draft.returned.revision }) }
  const { finished, draft: kept } = await finishDraft(database, draft, entry, fileNames, () => crypto.randomUUID())
  return { hash: finished ? hash : null, draft: kept }
}
