/** What the first pages show once something was begun on this phone: calls, doors, and the next response. */

import { el, icon } from '../dom.js'
import { dueCalls, findDoors, listDoorsAt, orderDoors } from '../doors.js'
import { language, t } from '../i18n/i18n.js'
import { placeName } from '../places.js'
import { startDraft } from '../start.js'
import { outsideWindow } from '../window.js'
import { formTitle } from './cards.js'
import { doorRow } from './door-row.js'
import { returnedRows } from './returned.js'

/** @typedef {import('../application.js').App} App */
/** @typedef {import('../store/types.js').Door} Door */

/** Of a community with more doors the rest is in the list of all. */
const DOORS_SHOWN = 30

/** @param {string} title key @param {HTMLElement[]} rows @returns {HTMLElement[]} */
function section(title, rows) {
  return rows.length === 0 ? [] : [el('section', { class: 'stack', 'data-section': title }, el('h2', {}, t(title)), el('div', { class: 'rows' }, ...rows))]
}

/** @param {App} app @returns {(door: Door) => HTMLElement} */
function rowWithPlace(app) {
  return (door) => doorRow(app, door, placeName(app.state.world, door.place, language()))
}

/** What comes before all else: responses that were returned, calls of today, and those that were missed. @param {App} app */
export function firstSections(app) {
  return [...section('returned.title', returnedRows(app)), ...section('calls.title', dueCalls(app.state.doors, Date.now()).map(rowWithPlace(app)))]
}

/** How many doors of the office's lists are left in a community; null where it has none. @param {App} app @param {string} place */
export function doorsLeft({ state }, place) {
  const { count, left } = listDoorsAt(state.doors, place)
  return count === 0 ? null : el('span', { class: 'row__note', 'data-doors-left': left }, t(left === 0 ? 'doors.all_done' : 'doors.left', { left, all: count }))
}

/** Doors that a search finds. @param {App} app @param {string} query */
export function doorHits(app, query) {
  return section('app.doors', query.trim() ? orderDoors(findDoors(app.state.doors, query)).map(rowWithPlace(app)) : [])
}

/** What was returned in a community, and its doors. @param {App} app @param {string | null} place */
export function doorsAt(app, place) {
  const doors = orderDoors(app.state.doors.filter((door) => door.place === place))
  const rows = doors.slice(0, DOORS_SHOWN).map((door) => doorRow(app, door))
  if (doors.length > rows.length) rows.push(el('a', { class: 'row', href: '/app/doors' }, el('span', { class: 'row__main row__title' }, t('doors.show_all', { all: doors.length })), icon('next')))
  return [...section('returned.title', returnedRows(app, (draft) => draft.place === place)), ...section('app.doors', rows)]
}

/** The button that begins the same questionnaire in the same community as the last time; null where it cannot be begun now. @param {App} app */
export function nextAction(app) {
  const { world, models } = app.state
  const last = lastBegun(app)
  const form = last && world.forms.find(({ id, model }) => id === last.form && model in models)
  const isThere = last && (last.place === null || world.places.some(({ code }) => code === last.place))
  if (!form || !isThere || outsideWindow(form, Date.now())) return null
  const begin = async (/** @type {Event} */ event) => {
    const button = /** @type {HTMLButtonElement} */ (event.currentTarget)
    button.disabled = true
    await startDraft(app, form, last.place)
  }
  const what = [formTitle(app, form.id, form.title), placeName(world, last.place, language())].filter(Boolean).join(' · ')
  return el('button', { class: 'button button--primary button--block dock__button', type: 'button', 'data-action': 'start-next', 'data-next': `${form.model} ${last.place}`, onclick: begin },
    el('span', { class: 'dock__main' }, t('next.start')),
    el('span', { class: 'dock__note' }, what))
}

/** Of what is known on this phone, the volunteer's latest. @param {App} app @returns {{form: string, place: string | null, at: number} | null} */
export function lastBegun({ state: { drafts, outbox, sent } }) {
  const begun = [
    ...drafts.map(({ form, place, started_at }) => ({ form, place, at: started_at })),
    ...[...outbox, ...sent].map(({ summary: { form, place, finished_at } }) => ({ form, place, at: finished_at })),
  ]
  return begun.sort((one, other) => other.at - one.at)[0] ?? null
}
