/** The view that holds the fill screen: opens the draft's form, keeps it for one tab, and sees the response off. */

import { createForm } from '../../engine/form.js'
import { openFill } from '../fill/fill.js'
import { fetchMarks } from '../fill/marks.js'
import { isWhole } from '../fill/wish.js'
import { offsetAt } from '../clock.js'
import { ask, el } from '../dom.js'
import { DraftSession } from '../draft-session.js'
import { language, t } from '../i18n/i18n.js'
import { prefillFor } from '../places.js'
import { readDraft } from '../store/draft-saving.js'
import { fetchRareFunctions } from '../rare-functions.js'
import { readModel } from '../store/profile.js'
import { readLastSaved, readLayout, saveLastSaved, saveLayout } from '../store/wishes.js'
import { Api } from '../sync/api.js'
import { loadStyle } from '../style.js'

/** @typedef {import('../application.js').App} App */
/** @typedef {import('../router.js').View} View */
/** @typedef {import('../store/types.js').Draft} Draft */
/** @typedef {import('../form-files.js').FormFiles} FormFiles */

/** @param {App} app @param {string} id @returns {Promise<View>} */
export async function openFillView(app, id) {
  const begun = app.begun
  app.begun = null
  const draft = begun?.id === id ? begun : await readDraft(app.database, id)
  // A draft is its author's alone.
  if (!draft || draft.author !== (app.state.device?.user.id ?? draft.author)) return messagePage('fillview.gone', '')
  // The form is made while the lock and the style sheet are on their way.
  const preparing = prepare(app, draft).catch(() => null)
  const [release] = await Promise.all([holdDraft(id), loadStyle(new URL('../../css/filling.css', import.meta.url).href)])
  const root = el('div', { class: 'fill-host' })
  if (release) return openDraft(app, draft, preparing, root, release)
  return messagePage('fillview.open_elsewhere', 'fillview.open_elsewhere_why', async () => {
    // The other tab may have saved meanwhile: the newest is opened.
    const newest = await readDraft(app.database, id)
    if (newest) app.router.replaceView(await openDraft(app, newest, prepare(app, newest).catch(() => null), root, () => {}))
    else app.router.replaceView(await messagePage('fillview.gone', ''))
  })
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
 * @param {Promise<Awaited<ReturnType<typeof prepare>> | null>} preparing null: not all of it is here
 * @param {HTMLElement} root
 * @param {() => void} release
 * @returns {Promise<View>}
 */
async function openDraft(app, draft, preparing, root, release) {
  const prepared = await preparing
  if (!prepared) {
    release()
    return messagePage('place.not_loaded', '')
  }
  const { model, beside, hasLastSaved, layout, form } = prepared
  const audit = await auditOf(form, draft, app.state.device?.user.name ?? '')
  const session = new DraftSession(app.database, draft, (outcome) => tellSplit(app, session, outcome))
  /** What the phone in the respondent's hands needs, while it is in them. @type {typeof import('../fill/handover.js') | null} */
  let handed = null
  /** @param {{answers: any, position: string}} progress @param {boolean} [isLast] */
  const save = (progress, isLast) => session.save({ ...progress, language: form.language, name: form.find(`/${form.root.name}/meta/instanceName`)?.value, audit: audit?.text() }, isLast)
  const ways = {
    callAgain: async () => {
      const [{ askForCall }] = await Promise.all([import('./call-again.js'), fill.flush()])
      if (!(await askForCall(app, session.draft))) return
      // One in which nothing was answered yet is kept too: the door leads to it.
      if (session.draft.rev === 0) await save({ answers: form.answers(), position: '' })
      await app.router.go('/app/')
    },
    handOver: app.state.device && (async () => {
      const handover = await import('../fill/handover.js')
      if (await handover.handOver(app, root)) handed = handover
    }),
    help: () => app.router.go('/app/help'),
  }
  const fill = openFill(root, {
    form,
    files: session.files,
    media: beside?.media,
    position: draft.position,
    scroll: isWhole(model.form.style, layout) ? await import('../fill/scroll.js') : null,
    keepLayout: (wish) => saveLayout(app.database, wish),
    audit,
    notice: audit?.hasLocation || model.actions.some((/** @type {{kind: string}} */ { kind }) => kind === 'setgeopoint') ? t('fill.location') : '',
    save,
    finish: async (/** @type {any} */ result) => {
      const whole = audit ? await audit.finish(result, session.files) : result
      if (!whole) return false
      const hash = await finish(app, session, form, whole, hasLastSaved)
      if (!hash) return
      if (!handed) return app.router.go(`/app/done/${hash}`, { replace: true })
      await close()
      handed.showThanks(app, hash)
    },
    leave: () => { if (!handed) app.router.leave('/app/') },
    ways: () => (handed ? {} : ways),
  })
  const isTest = app.state.world.forms.some(({ id, testing }) => testing && id === draft.form)
  if (draft.returned || isTest) import('../fill/banner.js').then(({ showBanner }) => showBanner(root, draft, isTest))
  const close = async () => {
    audit?.leave()
    await fill.flush()
    fill.destroy()
    if (audit) await session.saveAudit(audit.text())
    beside?.close()
    // Whoever locks the phone goes on here.
    if (!handed && !app.isAsking) await session.dropIfEmpty()
    release()
    await app.changed()
  }
  return {
    element: root,
    holdsBack: true,
    back: async () => fill.back() || handed !== null || !(await wantsOut()),
    close: async () => {
      handed?.askNext(app)
      await close()
    },
  }
}

/**
 * A draft's form, made, and how the volunteer wants it shown. Rejects where something that it needs cannot be had.
 * @param {App} app
 * @param {Draft} draft
 */
async function prepare(app, draft) {
  const [loaded, layout] = await Promise.all([loadForm(app, draft.model), readLayout(app.database)])
  const { model, beside, hasLastSaved } = loaded
  const lastSaved = hasLastSaved ? await readLastSaved(app.database, draft) : null
  return { ...loaded, layout, form: loaded.read(makeForm(app, model, draft, beside?.list, lastSaved)) }
}

/**
 * A form model with all that is fetched for the forms that need it: rare functions, lists, media, what reads marks. Rejects where something cannot be had.
 * @param {App} app
 * @param {string} hash
 */
async function loadForm(app, hash) {
  const entry = await readModel(app.database, hash)
  if (!entry) throw new Error('the model is not here')
  await fetchRareFunctions(entry.text)
  const read = await fetchMarks(entry.text)
  const model = JSON.parse(entry.text)
  const hasLastSaved = entry.text.includes('__last-saved')
  if (!entry.text.includes('"sha256":')) return { model, read, beside: null, hasLastSaved }
  const [{ openFormFiles }, { fileReader }] = await Promise.all([import('../form-files.js'), import('../sync/form-files.js')])
  return { model, read, hasLastSaved, beside: await openFormFiles(model, fileReader(new Api(app.fetch, app.state.device?.token ?? ''))) }
}

/**
 * The engine's form. Its nodes carry more than the fill screen's types ask for, hence `any`.
 * @param {App} app
 * @param {any} model
 * @param {Draft} draft
 * @param {FormFiles['list'] | undefined} list
 * @param {any} lastSaved answers of the last response, null where there is none or the form does not ask
 * @returns {any}
 */
function makeForm(app, model, draft, list, lastSaved) {
  const { device, world } = app.state
  const host = {
    now: () => Date.now(),
    offset: offsetAt,
    random: () => Math.random(),
    uuid: () => crypto.randomUUID(),
    properties: { deviceid: device?.id ?? '', username: device?.user.name ?? '', phonenumber: '', email: '' },
    list,
    lastSaved,
    locate: (/** @type {(geopoint: string) => void} */ answer) => import('../locate.js').then(({ locate }) => locate(answer)),
  }
  const languages = /** @type {{name: string, code: string}[]} */ (model.form.languages)
  const own = languages.find(({ code }) => code.slice(0, 2) === language())
  return createForm(model, host, {
    ...(draft.answers ? { answers: draft.answers } : { prefill: prefillFor(model.form.place_path, world.places, draft.place) }),
    language: draft.language || own?.name || model.form.default_language,
  })
}

/**
 * The record of how the form is filled in, where the form wants one.
 * @param {any} form
 * @param {Draft} draft
 * @param {string} user
 */
async function auditOf(form, draft, user) {
  if (!form.find(`/${form.root.name}/meta/audit`)) return null
  const { openAudit } = await import('../fill/audit.js')
  return openAudit(form, user, draft.audit)
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
 * @param {boolean} hasLastSaved whether the next response looks at this one's answers
 * @returns {Promise<string | undefined>} content hash; none where the answers became a new draft
 */
async function finish(app, session, form, result, hasLastSaved) {
  const context = { root: form.model.root.name, language: form.language, device: app.state.device?.id ?? '' }
  const hash = await session.finish(result, context)
  if (hash === null) {
    await app.router.go(`/app/fill/${session.draft.id}`, { replace: true })
    await tell('fillview.forked')
    return
  }
  if (hasLastSaved) await saveLastSaved(app.database, session.draft, result.answers)
  await app.changed()
  app.sender.send()
  app.worker.wakeOnSignal()
  return hash
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
 * A page with a message in the form's place, see message-page.js.
 * @param {[title: string, text: string, openHere?: () => void]} message
 * @returns {Promise<View>}
 */
async function messagePage(...message) {
  return (await import('./message-page.js')).messagePage(...message)
}
