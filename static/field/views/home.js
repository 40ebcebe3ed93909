/** The start page: what is safe, calls that are due, drafts to continue, the communities with what is left, and the next response under the thumb. */

import { el, icon, showChildren } from '../dom.js'
import { language, t } from '../i18n/i18n.js'
import { myPlaces, nameIn } from '../places.js'
import { fetchMore } from './begun.js'
import { draftCard, figuresAt, progressLine } from './cards.js'
import { notices } from './notices.js'
import { safetyStrip } from './safety.js'
import { isDone, STEPS } from './steps.js'

/** @typedef {import('../application.js').App} App */
/** @typedef {import('../store/types.js').Place} Place */
/** @typedef {import('./begun.js').More} More */

/** From how many communities on a search box helps. */
const SEARCH_FROM = 9
const DRAFTS_SHOWN = 3
const MINUTE_MS = 60_000

/** @param {App} app @returns {Promise<import('../router.js').View>} */
export async function openHome(app) {
  let more = await fetchMore(app)
  const query = el('input', { type: 'search', class: 'search', autocomplete: 'off', enterkeyhint: 'search' })
  const top = el('div', { class: 'stack' })
  const list = el('div', { class: 'stack' })
  const element = el('main', { class: 'page' }, top, query, list)
  const update = () => {
    const { device, doors, world } = app.state
    showChildren(top, [header(app), ...(device ? aboveList(app, more) : [notEnrolled(app)])])
    query.hidden = !device || myPlaces(world).flatMap((group) => group.places).length + doors.length < SEARCH_FROM
    query.placeholder = t('home.search')
    query.setAttribute('aria-label', t('home.search'))
    showChildren(list, device ? placeGroups(app, query.value, more) : [])
  }
  query.addEventListener('input', update)
  update()
  // A call becomes due while the page is looked at.
  const timer = setInterval(update, MINUTE_MS)
  const follow = async () => {
    update()
    if (more) return
    more = await fetchMore(app)
    if (more) app.refresh()
  }
  return { element, tab: 'home', action: () => more && more.nextAction(app), update: follow, close: () => clearInterval(timer) }
}

/** @param {App} app */
function header(app) {
  return el('header', { class: 'head' },
    el('img', { class: 'head__mark', src: new URL('../../icons/icon.svg', import.meta.url).href, alt: '', width: 36, height: 36 }),
    el('h1', { class: 'head__title' }, t('app.name')),
    app.state.device && el('span', { class: 'head__user' }, app.state.device.user.name),
    el('a', { class: 'button button--icon head__help', href: '/app/help', 'aria-label': t('app.help') }, '?'))
}

/** @param {App} app */
function notEnrolled(app) {
  const unsent = app.state.outbox.length
  return el('section', { class: 'card stack' },
    el('h2', {}, t('home.not_enrolled')),
    el('p', {}, t('home.not_enrolled_why')),
    el('a', { class: 'button', href: '/app/link' }, t('home.have_link')),
    unsent > 0 && el('p', { class: 'notice notice--warning' }, t('home.keeps', { count: unsent })))
}

/** @param {App} app @param {More} more @returns {HTMLElement[]} */
function aboveList(app, more) {
  const { world } = app.state
  const drafts = app.state.drafts.filter(({ returned }) => !returned)
  const parts = [safetyStrip(app), ...notices(app), ...(more ? more.firstSections(app) : []), ...firstSteps()]
  if (drafts.length > 0) {
    parts.push(el('section', { class: 'stack' },
      el('h2', {}, t('home.continue')),
      el('div', { class: 'rows' }, ...drafts.slice(0, DRAFTS_SHOWN).map((draft) => draftCard(app, draft)))))
  }
  if (world.places.length === 0 && world.forms.length === 0) parts.push(nothingYet(app))
  return parts
}

/** Rows for what a new volunteer does once. @returns {HTMLElement[]} */
function firstSteps() {
  const rows = STEPS.filter((step) => !isDone(step)).map((step) =>
    el('a', { class: 'row', href: `/app/${step}` }, el('span', { class: 'row__main row__title' }, t(`home.${step}`)), icon('next')))
  return rows.length > 0 ? [el('div', { class: 'rows' }, ...rows)] : []
}

/** @param {App} app */
function nothingYet(app) {
  const isBusy = app.sender.state.phase === 'sending'
  return el('section', { class: 'card stack' },
    el('p', {}, t('home.nothing_yet')),
    el('p', { class: 'soft' }, t('home.nothing_yet_why')),
    el('button', { class: 'button button--primary', type: 'button', disabled: isBusy, onclick: () => app.sender.send({ isInsistent: true }) }, t('home.update_now')))
}

/** @param {App} app @param {string} query @param {More} more @returns {HTMLElement[]} */
function placeGroups(app, query, more) {
  const { world, models } = app.state
  const wanted = query.trim().toLowerCase()
  const groups = myPlaces(world).map((group) => ({ ...group, places: group.places.filter((place) => matches(place, wanted)) }))
  const hits = more ? more.doorHits(app, query) : []
  const shown = groups.filter((group) => group.places.length > 0).map((group) => placeGroup(app, group, more))
  /** @type {HTMLElement[]} */
  const parts = world.places.length > 0 ? [el('h2', { class: 'visually-hidden' }, t(world.mine.length > 0 ? 'home.mine' : 'home.all'))] : []
  if (wanted && shown.length + hits.length === 0) parts.push(el('p', { class: 'soft' }, t('home.no_match', { query })))
  parts.push(...hits, ...shown)
  const isPlaceless = world.places.length === 0 || world.forms.some((form) => models[form.model] === false)
  if (!wanted && isPlaceless && world.forms.length > 0) parts.push(otherForms())
  return parts
}

/** @param {Place} place @param {string} wanted lower case */
function matches(place, wanted) {
  return wanted === '' || place.code.startsWith(wanted) || Object.values(place.names).some((name) => name.toLowerCase().includes(wanted))
}

/** @param {App} app @param {{parent: Place | null, places: Place[]}} group @param {More} more */
function placeGroup(app, { parent, places }, more) {
  const heading = parent ? nameIn(parent.names, language(), parent.code) : t('home.mine')
  return el('section', { class: 'stack' }, el('h3', { class: 'group' }, heading), el('div', { class: 'rows' }, ...places.map((place) => placeRow(app, place, more))))
}

/** @param {App} app @param {Place} place @param {More} more */
function placeRow(app, place, more) {
  return el('a', { class: 'row', href: `/app/place/${encodeURIComponent(place.code)}`, 'data-place': place.code },
    el('span', { class: 'row__main' },
      el('span', { class: 'row__title' }, nameIn(place.names, language(), place.code)),
      progressLine(figuresAt(app, place.code)),
      more && more.doorsLeft(app, place.code)),
    icon('next'))
}

function otherForms() {
  return el('div', { class: 'rows' },
    el('a', { class: 'row', href: '/app/place/-' }, el('span', { class: 'row__main' }, el('span', { class: 'row__title' }, t('home.other_forms'))), icon('next')))
}
