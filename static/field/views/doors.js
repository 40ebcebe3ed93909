/** The volunteer's list of doors: which are still to visit, which call again, which are done. */

import { el, showChildren } from '../dom.js'
import { countDoors, FILTERS, findDoors, orderDoors, passes } from '../doors.js'
import { language, t } from '../i18n/i18n.js'
import { placeName } from '../places.js'
import { doorRow } from './door-row.js'
import { fetchDoorWords } from './door-words.js'

/** @typedef {import('../application.js').App} App */
/** @typedef {import('../doors.js').Filter} Filter */
/** @typedef {import('../store/types.js').Door} Door */

/** From how many doors on a search box helps. */
const SEARCH_FROM = 6
const MINUTE_MS = 60_000
/** A list as long as this is drawn in steps. */
const STEP = 100
/** Stays as it was chosen while the client is open. @type {Filter} */
let filter = 'todo'
let shown = STEP

/** @param {App} app @returns {Promise<import('../router.js').View>} */
export async function openDoors(app) {
  await fetchDoorWords()
  const query = el('input', { type: 'search', class: 'search', autocomplete: 'off', enterkeyhint: 'search' })
  const top = el('div', { class: 'stack' })
  const list = el('div', { class: 'stack' })
  const element = el('main', { class: 'page' }, top, query, list)
  shown = STEP
  const choose = (/** @type {Filter} */ wanted) => {
    filter = wanted
    shown = STEP
    update()
  }
  const showMore = () => {
    shown += STEP
    update()
  }
  const update = () => {
    const { doors } = app.state
    query.hidden = doors.length < SEARCH_FROM
    query.placeholder = t('doors.search')
    query.setAttribute('aria-label', t('doors.search'))
    showChildren(top, [el('h1', {}, t('app.doors')), ...(doors.length === 0 ? [empty()] : [...about(app), filters(doors, choose)])])
    showChildren(list, doors.length === 0 ? [] : groups(app, query.hidden ? '' : query.value, showMore))
  }
  query.addEventListener('input', update)
  update()
  // A call becomes overdue while the page is looked at.
  const timer = setInterval(update, MINUTE_MS)
  return { element, tab: 'doors', action: () => addButton(app), update, close: () => clearInterval(timer) }
}

function empty() {
  return el('section', { class: 'card stack' }, el('p', {}, t('doors.none')), el('p', { class: 'soft' }, t('doors.here_only')))
}

/** @param {App} app */
function addButton(app) {
  return el('button', { class: 'button button--primary button--block dock__button', type: 'button', 'data-action': 'add-door', onclick: () => app.router.go('/app/door/new') },
    el('span', { class: 'dock__main' }, t('place.add_door')))
}

/** @param {Door[]} doors @param {(filter: Filter) => void} choose */
function filters(doors, choose) {
  const counts = countDoors(doors)
  const chip = (/** @type {Filter} */ name) => el('label', { class: 'chip' },
    el('input', { type: 'radio', name: 'filter', value: name, checked: name === filter, onchange: () => choose(name) }),
    el('span', {}, `${t(`doors.filter_${name}`)} ${counts[name]}`))
  return el('fieldset', {}, el('legend', { class: 'visually-hidden' }, t('doors.filter')), el('div', { class: 'chips' }, ...FILTERS.map(chip)))
}

/** Who else sees these doors, and whether all of them are here. @param {App} app @returns {HTMLElement[]} */
function about({ state: { doors, world } }) {
  const waiting = doors.filter(({ visits = [] }) => visits.length > 0).length
  const isOwn = doors.every(({ origin }) => origin === 'own')
  const words = isOwn ? t('doors.here_only') : waiting > 0 ? t('doors.visits_wait', { count: waiting }) : t('doors.of_lists')
  const notice = world.has_more_doors ? [el('p', { class: 'notice notice--warning' }, t('doors.more_than_fit'))] : []
  return [el('p', { class: 'soft small' }, words), ...notice]
}

/** The doors by community. A search looks through all, whatever is chosen. @param {App} app @param {string} query @param {() => void} showMore @returns {HTMLElement[]} */
function groups(app, query, showMore) {
  const { doors, world } = app.state
  const isSearch = query.trim() !== ''
  const found = orderDoors(isSearch ? findDoors(doors, query) : doors.filter(passes(filter)))
  if (found.length === 0) return [el('p', { class: 'soft' }, isSearch ? t('doors.no_match', { query }) : t('doors.nothing_here'))]
  /** @type {Map<string | null, Door[]>} */
  const byPlace = new Map()
  for (const door of found.slice(0, shown)) byPlace.set(door.place, [...(byPlace.get(door.place) ?? []), door])
  const sections = [...byPlace].map(([place, here]) => el('section', { class: 'stack' },
    el('h2', { class: 'group' }, placeName(world, place, language()) || t('doors.no_place')),
    el('div', { class: 'rows' }, ...here.map((door) => doorRow(app, door)))))
  const rest = found.length - shown
  return rest > 0 ? [...sections, el('button', { class: 'button', type: 'button', 'data-action': 'more-doors', onclick: showMore }, t('doors.show_more', { count: rest }))] : sections
}
