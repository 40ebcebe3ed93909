/** Enrolment: the link makes this phone a volunteer's, says whose and which communities are theirs, and leads to the start page. */

import { el, icon, showChildren } from '../dom.js'
import { language, t } from '../i18n/i18n.js'
import { myPlaces, nameIn } from '../places.js'
import { signIn } from '../store/profile.js'
import { Api, ApiError } from '../sync/api.js'
import { pull } from '../sync/pull.js'
import { askToPersist } from './notices.js'
import { languageChoice } from './language-choice.js'

/** @typedef {import('../application.js').App} App */
/** @typedef {import('../store/types.js').Device} Device */

/** So many communities are named. */
const NAMED = 3
const KNOWN_ERRORS = new Set(['enrolment_unknown', 'enrolment_expired', 'enrolment_revoked', 'enrolment_used_up', 'offline', 'timeout'])

/** @param {App} app @param {string} link token of the address @returns {import('../router.js').View} */
export function openJoin(app, link) {
  const element = el('main', { class: 'page join' })
  /** @type {{device: Device | null, error: string, isBusy: boolean}} */
  const state = { device: null, error: '', isBusy: true }
  /** The forms and places on their way; they come while the volunteer reads. @type {Promise<void> | null} */
  let fetching = null
  const update = () => showChildren(element, content(app, state, { enrol, start }))

  async function enrol() {
    Object.assign(state, { error: '', isBusy: true })
    update()
    try {
      state.device = await enrolOnce(app, link)
      fetching = fetchWorld(app, state.device)
      await app.followLanguage()
    } catch (error) {
      state.error = error instanceof ApiError ? error.code : 'other'
    }
    state.isBusy = false
    update()
  }

  async function start() {
    state.isBusy = true
    update()
    await askToPersist()
    // The forms come before the first page without the enrolment's address, so that it can go offline at once; a failure is mended there.
    await fetching
    // Another document, not another view: from here on the service worker's scope holds.
    location.replace('/app/')
  }

  return { element, update, ready: enrol().then(() => fetching).catch(() => null).then(() => {}) }
}

/**
 * The device that this link made: one of this phone's if it is the link's and still welcome, else a new one. The others stay.
 * @param {App} app
 * @param {string} link
 * @returns {Promise<Device>}
 */
async function enrolOnce(app, link) {
  const known = app.state.people.find((device) => device.link === link && device.state === 'active')
  if (known) return begin(app, known)
  const answer = await new Api(app.fetch, '').post('/sync/v1/enrol', { token: link, label: deviceLabel(navigator.userAgent) })
  if (typeof answer.device_token !== 'string' || !answer.user) throw new ApiError('not_an_answer', 200)
  /** @type {Device} */
  const device = { token: answer.device_token, id: answer.device_id, user: answer.user, state: 'active', link }
  return begin(app, device)
}

/** @param {App} app @param {Device} device of who works from now on */
async function begin(app, device) {
  await signIn(app.database, device)
  await app.changed()
  return device
}

/** @param {App} app @param {Device} device */
async function fetchWorld(app, device) {
  try {
    await pull(new Api(app.fetch, device.token), app.database, app.state.world, Date.now())
    await app.changed()
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
  }
}

/**
 * The browser and system in short, for the office's list of devices: `Chrome on Android`.
 * @param {string} agent the browser's own description
 */
export function deviceLabel(agent) {
  const first = (/** @type {[RegExp, string][]} */ pairs) => pairs.find(([pattern]) => pattern.test(agent))?.[1] ?? ''
  const browser = first([[/MicroMessenger/, 'WeChat'], [/Edg/, 'Edge'], [/Firefox|FxiOS/, 'Firefox'], [/SamsungBrowser/, 'Samsung Internet'], [/Chrome|CriOS/, 'Chrome'], [/Safari/, 'Safari']])
  const system = first([[/Android/, 'Android'], [/iPhone|iPad/, 'iOS'], [/Windows/, 'Windows'], [/Mac OS/, 'macOS'], [/Linux/, 'Linux']])
  return [browser || 'Browser', system].filter(Boolean).join(' on ')
}

/**
 * @param {App} app
 * @param {{device: Device | null, error: string, isBusy: boolean}} state
 * @param {{enrol: () => void, start: () => void}} actions
 * @returns {HTMLElement[]}
 */
function content(app, { device, error, isBusy }, { enrol, start }) {
  const unsent = app.state.outbox.length
  const head = el('header', { class: 'join__head' },
    el('img', { src: new URL('../../icons/icon.svg', import.meta.url).href, alt: '', width: 72, height: 72 }),
    el('p', { class: 'join__brand' }, t('app.name')),
    el('h1', {}, device ? t('join.hello', { name: device.user.name }) : t('join.title')),
    el('p', { class: 'soft' }, t('join.why')))
  // What may be tapped keeps its place while the rest arrives.
  const parts = [head,
    error ? el('p', { class: 'notice notice--danger', role: 'alert' }, icon('alert'), el('span', { class: 'notice__text' }, t(errorKey(error)))) : communities(app),
    languageChoice(app)]
  if (device && unsent > 0) parts.push(el('p', { class: 'notice' }, t('join.keeps', { count: unsent })))
  // A link that is worth nothing is not tried again; a phone that is somebody's already goes on as it was.
  const isDead = error.startsWith('enrolment_')
  const known = app.state.device
  parts.push(el('div', { class: 'join__buttons' },
    !isDead && el('button', { class: 'button button--primary button--large button--block', type: 'button', disabled: isBusy, 'data-action': device ? 'start' : 'again', onclick: device ? start : enrol },
      isBusy ? t(device ? 'join.preparing' : 'app.loading') : t(device ? 'join.start' : 'join.again')),
    error && known && el('a', { class: `button button--large button--block ${isDead ? 'button--primary' : ''}`, href: '/app/', target: '_self' }, t('app.start_page'))))
  return parts
}

/** The communities that are theirs, once they are here: the first few by name, or how many where none were assigned. @param {App} app */
function communities(app) {
  const { world } = app.state
  const places = myPlaces(world).flatMap((group) => group.places)
  const count = places.length
  const named = world.mine.length > 0 ? places.slice(0, NAMED).map((place) => nameIn(place.names, language(), place.code)) : []
  return el('section', { class: 'card join__places', role: 'status' },
    el('p', {}, count === 0 ? '…' : t(named.length > 0 ? 'join.mine' : 'join.all', { count })),
    el('strong', {}, named.join(t('join.comma')), count > named.length && named.length > 0 ? ' …' : ''))
}

/** @param {string} code */
function errorKey(code) {
  if (!KNOWN_ERRORS.has(code)) return 'join.error.other'
  return `join.error.${code === 'timeout' ? 'offline' : code}`
}
