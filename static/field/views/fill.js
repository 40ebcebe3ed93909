/** The view that holds the fill screen: opens the draft's form, keeps it for one tab, and sees the response off. */

import { createForm } from '../../engine/form.js'
import { openFill } from '../fill/fill.js'
import { offsetAt } from '../clock.js'
import { ask, el, icon } from '../dom.js'
import { DraftSession } from '../draft-session.js'
import { language, t } from '../i18n/i18n.js'
import { prefillFor } from '../places.js'
import { readDraft } from '../store/drafts.js'
import { fetchRareFunctions } from '../rare-functions.js'
import { readModel } from '../store/profile.js'
import { loadStyle } from '../style.js'

/** @typedef {import('../application.js').App} App */
/** @typedef {import('../router.js').View} View */
/** @typedef {import('../store/types.js').Draft} Draft */

/** @param {App} app @param {string} id @returns {Promise<View>} */
export async function openFillView(app, id) {
  await Promise.all(['fill.css', 'widgets.css'].map((name) => loadStyle(new URL(`../../css/${name}`, import.meta.url).href)))
  const draft = await readDraft(app.database, id)
  if (!draft) return messagePage('fillview.gone', '')
  const release = await holdDraft(id)
  const root = el('div', { class: 'fill-host' })
  if (release) return openDraft(app, draft, root, release)
  /** @type {View} */
  const view = messagePage('fillview.open_elsewhere', 'fillview.open_elsewhere_why', async () => {
    // The other tab may have saved meanwhile: the newest is opened.
    const newest = await readDraft(app.database, id)
    if (newest) app.router.replaceView(await openDraft(app, newest, root, () => {}))
    else app.router.replaceView(messagePage('fillview.gone', ''))
  })
  return view
}

/**
 * Holds the draft for this tab. Gives the function that lets it go; null where another tab holds it.
 * @param {string} id
 * @returns {Promise<(() => void) | null>}
 */
function holdDraft(id) {
  if (!navigator.locks) return Promise.resolve(() => {})
  return new Promise((resolve) => {
    navigator.locks.request(`draft:${id}`, { ifAvailable: true }, (lock) => {
      if (!lock) return resolve(null)
      return new Promise((release) => resolve(() => release(undefined)))
    })
  })
}

/**
 * @param {App} app
 * @param {Draft} draft
 * @param {HTMLElement} root
 * @param {() => void} release
 * @returns {Promise<View>}
 */
async function openDraft(app, draft, root, release) {
  const entry = await readModel(app.database, draft.model)
  const isWhole = entry !== undefined && (await fetchRareFunctions(entry.text).then(() => true, () => false))
  if (!isWhole) {
    release()
    return messagePage('place.not_loaded', '')
  }
  const form = makeForm(app, JSON.parse(entry.text), draft)
  const session = new DraftSession(app.database, draft, (outcome) => tellSplit(app, session, outcome))
  const fill = openFill(root, {
    form,
    files: session.files,
    position: draft.position,
    save: (/** @type {{answers: any, position: string}} */ progress) => session.save({ ...progress, language: form.language }),
    finish: (/** @type {any} */ result) => finish(app, session, form, result),
    leave: () => app.router.leave('/app/'),
  })
  const close = async () => {
    await fill.flush()
    fill.destroy()
    await session.dropIfEmpty()
    release()
    await app.changed()
  }
  return { element: root, holdsBack: true, back: async () => fill.back() || !(await wantsOut()), close }
}

/**
 * The engine's form. Its nodes carry more than the fill screen's types ask for, hence `any`.
 * @param {App} app
 * @param {any} model
 * @param {Draft} draft
 * @returns {any}
 */
function makeForm(app, model, draft) {
  const { device, world } = app.state
  const host = {
    now: () => Date.now(),
    offset: offsetAt,
    random: () => Math.random(),
    uuid: () => crypto.randomUUID(),
    properties: { deviceid: device?.id ?? '', username: device?.user.name ?? '', phonenumber: '', email: '' },
  }
  const languages = /** @type {{name: string, code: string}[]} */ (model.form.languages)
  const own = languages.find(({ code }) => code.slice(0, 2) === language())
  return createForm(model, host, {
    ...(draft.answers ? { answers: draft.answers } : { prefill: prefillFor(model.form.place_path, world.places, draft.place) }),
    language: draft.language || own?.name || model.form.default_language,
  })
}

/** @returns {Promise<boolean>} */
function wantsOut() {
  return ask({ title: t('fillview.leave'), text: t('fillview.leave_why'), yes: t('fillview.leave_yes'), no: t('fillview.leave_no') })
}

/**
 * @param {App} app
 * @param {DraftSession} session
 * @param {any} form
 * @param {{answers: any, instanceName: string}} result
 */
async function finish(app, session, form, result) {
  const context = { root: form.model.root.name, language: form.language, device: app.state.device?.id ?? '' }
  const hash = await session.finish(result, context)
  if (hash === null) {
    await app.router.go(`/app/fill/${session.draft.id}`, { replace: true })
    await tell('fillview.forked')
    return
  }
  await app.changed()
  app.sender.send()
  app.worker.wakeOnSignal()
  await app.router.go(`/app/done/${hash}`, { replace: true })
}

/** @param {App} app @param {DraftSession} session @param {'gone' | 'changed'} outcome */
function tellSplit(app, session, outcome) {
  app.router.rename(`/app/fill/${session.draft.id}`)
  tell(outcome === 'gone' ? 'fillview.forked' : 'fillview.forked_saved')
}

/** @param {string} key */
function tell(key) {
  return ask({ title: t(key), text: '', yes: t('app.close') })
}

/**
 * A page with a message in the form's place.
 * @param {string} title key
 * @param {string} text key, '' for none
 * @param {() => void} [openHere] what the second button does; none: no such button
 * @returns {View}
 */
function messagePage(title, text, openHere) {
  const element = el('main', { class: 'trouble' },
    icon('alert'),
    el('h1', {}, t(title)),
    text && el('p', { class: 'soft' }, t(text)),
    el('a', { class: 'button button--primary', href: '/app/' }, t('app.start_page')),
    openHere && el('button', { class: 'button', type: 'button', onclick: openHere }, t('fillview.open_here')))
  return { element }
}
