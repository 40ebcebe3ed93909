/** What the first pages show once something was begun on this phone: calls, doors, and the next response. */

import { el } from '../dom.js'
import { dueCalls, findDoors, orderDoors } from '../doors.js'
import { language, t } from '../i18n/i18n.js'
import { placeName } from '../places.js'
import { startDraft } from '../start.js'
import { outsideWindow } from '../window.js'
import { formTitle } from './cards.js'
import { doorRow } from './door-row.js'

/** @typedef {import('../application.js').App} App */
/** @typedef {import('../store/types.js').Door} Door */

/** @param {string} title key @param {HTMLElement[]} rows @returns {HTMLElement[]} */
function section(title, rows) {
  return rows.length === 0 ? [] : [el('section', { class: 'stack', 'data-section': title }, el('h2', {}, t(title)), el('div', { class: 'rows' }, ...rows))]
}

/** @param {App} app @returns {(door: Door) => HTMLElement} */
function rowWithPlace(app) {
  return (door) => doorRow(app, door, placeName(app.state.world, door.place, language()))
}

/** Calls of today, and those that were missed. @param {App} app */
export function callSection(app) {
  return section('calls.title', dueCalls(app.state.doors, Date.now()).map(rowWithPlace(app)))
}

/** Doors that a search finds. @param {App} app @param {string} query */
export function doorHits(app, query) {
  return section('app.doors', query.trim() ? orderDoors(findDoors(app.state.doors, query)).map(rowWithPlace(app)) : [])
}

/** The doors of a community. @param {App} app @param {string | null} place */
export function doorsAt(app, place) {
  return section('app.doors', orderDoors(app.state.doors.filter((door) => door.place === place)).map((door) => doorRow(app, door)))
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
