/** The start page: what is safe, drafts to continue, and the communities. */

import { el, icon, showChildren } from '../dom.js'
import { language, t } from '../i18n/i18n.js'
import { myPlaces, nameIn } from '../places.js'
import { draftCard, figuresAt, progressLine } from './cards.js'
import { notices } from './notices.js'
import { safetyStrip } from './safety.js'

/** @typedef {import('../application.js').App} App */
/** @typedef {import('../store/types.js').Place} Place */

/** From how many communities on a search box helps. */
const SEARCH_FROM = 9
const DRAFTS_SHOWN = 3

/** @param {App} app @returns {import('../router.js').View} */
export function openHome(app) {
  const query = el('input', { type: 'search', class: 'search', autocomplete: 'off', enterkeyhint: 'search' })
  const top = el('div', { class: 'stack' })
  const list = el('div', { class: 'stack' })
  const element = el('main', { class: 'page' }, top, query, list)
  const update = () => {
    const { device } = app.state
    showChildren(top, [header(app), ...(device ? aboveList(app) : [notEnrolled(app)])])
    query.hidden = !device || myPlaces(app.state.world).flatMap((group) => group.places).length < SEARCH_FROM
    query.placeholder = t('home.search')
    query.setAttribute('aria-label', t('home.search'))
    showChildren(list, device ? placeGroups(app, query.value) : [])
  }
  query.addEventListener('input', update)
  update()
  return { element, tab: 'home', update }
}

/** @param {App} app */
function header(app) {
  return el('header', { class: 'head' },
    el('img', { class: 'head__mark', src: new URL('../../icons/icon.svg', import.meta.url).href, alt: '', width: 36, height: 36 }),
    el('h1', { class: 'head__title' }, 'Collector'),
    app.state.device && el('span', { class: 'head__user' }, app.state.device.user.name))
}

/** @param {App} app */
function notEnrolled(app) {
  const unsent = app.state.outbox.length
  return el('section', { class: 'card stack' },
    el('h2', {}, t('home.not_enrolled')),
    el('p', {}, t('home.not_enrolled_why')),
    unsent > 0 && el('p', { class: 'notice notice--warning' }, t('home.keeps', { count: unsent })))
}

/** @param {App} app @returns {HTMLElement[]} */
function aboveList(app) {
  const { drafts, world } = app.state
  const parts = [safetyStrip(app), ...notices(app)]
  if (drafts.length > 0) {
    parts.push(el('section', { class: 'stack' },
      el('h2', {}, t('home.continue')),
      el('div', { class: 'rows' }, ...drafts.slice(0, DRAFTS_SHOWN).map((draft) => draftCard(app, draft)))))
  }
  if (world.places.length === 0 && world.forms.length === 0) parts.push(nothingYet(app))
  return parts
}

/** @param {App} app */
function nothingYet(app) {
  const isBusy = app.sender.state.phase === 'sending'
  return el('section', { class: 'card stack' },
    el('p', {}, t('home.nothing_yet')),
    el('p', { class: 'soft' }, t('home.nothing_yet_why')),
    el('button', { class: 'button button--primary', type: 'button', disabled: isBusy, onclick: () => app.sender.send({ isInsistent: true }) }, t('home.update_now')))
}

/** @param {App} app @param {string} query @returns {HTMLElement[]} */
function placeGroups(app, query) {
  const { world, models } = app.state
  const wanted = query.trim().toLowerCase()
  const groups = myPlaces(world).map((group) => ({ ...group, places: group.places.filter((place) => matches(place, wanted)) }))
  const shown = groups.filter((group) => group.places.length > 0).map((group) => placeGroup(app, group))
  /** @type {HTMLElement[]} */
  const parts = world.places.length > 0 ? [el('h2', { class: 'visually-hidden' }, t(world.mine.length > 0 ? 'home.mine' : 'home.all'))] : []
  if (wanted && shown.length === 0) parts.push(el('p', { class: 'soft' }, t('home.no_match', { query })))
  parts.push(...shown)
  const isPlaceless = world.places.length === 0 || world.forms.some((form) => models[form.model] === false)
  if (!wanted && isPlaceless && world.forms.length > 0) parts.push(otherForms())
  return parts
}

/** @param {Place} place @param {string} wanted lower case */
function matches(place, wanted) {
  return wanted === '' || place.code.startsWith(wanted) || Object.values(place.names).some((name) => name.toLowerCase().includes(wanted))
}

/** @param {App} app @param {{parent: Place | null, places: Place[]}} group */
function placeGroup(app, { parent, places }) {
  const heading = parent ? nameIn(parent.names, language(), parent.code) : t('home.mine')
  return el('section', { class: 'stack' }, el('h3', { class: 'group' }, heading), el('div', { class: 'rows' }, ...places.map((place) => placeRow(app, place))))
}

/** @param {App} app @param {Place} place */
function placeRow(app, place) {
  return el('a', { class: 'row', href: `/app/place/${encodeURIComponent(place.code)}`, 'data-place': place.code },
    el('span', { class: 'row__main' },
      el('span', { class: 'row__title' }, nameIn(place.names, language(), place.code)),
      progressLine(figuresAt(app.state.world.progress, place.code))),
    icon('next'))
}

function otherForms() {
  return el('div', { class: 'rows' },
    el('a', { class: 'row', href: '/app/place/-' }, el('span', { class: 'row__main' }, el('span', { class: 'row__title' }, t('home.other_forms'))), icon('next')))
}
