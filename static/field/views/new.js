/** The link of a questionnaire, `/app/new/<form>?place=<code>`: a new response of it at once. */

import { el } from '../dom.js'
import { shortTime, t } from '../i18n/i18n.js'
import { startDraft } from '../start.js'
import { Api } from '../sync/api.js'
import { pullForm } from '../sync/pull.js'
import { outsideWindow } from '../window.js'
import { openHome } from './home.js'

/** @typedef {import('../application.js').App} App */

const SOON_MS = 300

/** @param {App} app @param {string} id of the questionnaire @returns {import('../router.js').View | Promise<import('../router.js').View>} */
export function openNew(app, id) {
  if (!app.state.device) return openHome(app)
  const message = el('div', { role: 'status' })
  const element = el('main', { class: 'trouble' }, message)
  // Mostly the questionnaire is there before anybody could read this.
  const timer = setTimeout(() => { message.textContent = t('app.loading') }, SOON_MS)
  const ready = begin(app, id).then((why) => {
    clearTimeout(timer)
    if (why === null) return
    message.replaceChildren(el('h1', {}, why))
    element.append(el('a', { class: 'button button--primary', href: '/app/' }, t('app.start_page')))
  })
  return { element, ready }
}

/**
 * Begins a response, after asking the server for the questionnaire if it is not here. Gives null, or the sentence why it could not.
 *
 * @param {App} app
 * @param {string} id
 * @returns {Promise<string | null>}
 */
async function begin(app, id) {
  const place = new URLSearchParams(location.search).get('place')
  const { world, models, device } = app.state
  const kept = world.forms.find((form) => form.id === id && form.model in models)
  const { form, isWhole } = kept ? { form: kept, isWhole: true } : await pullForm(new Api(app.fetch, device?.token ?? ''), app.database, id).catch(() => ({ form: null, isWhole: true }))
  // Its lists and pictures come with an ordinary round.
  if (!isWhole) await app.sender.send({ isInsistent: true })
  if (!form) return t('place.not_loaded')
  const outside = outsideWindow(form, Date.now())
  if (outside) return t(outside.key, { at: shortTime(outside.at) })
  await startDraft(app, form, place, { replace: true })
  return null
}
