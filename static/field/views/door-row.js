/** A door in a list: what it is called, what happened there, when to call again. */

import { drawing, el, icon } from '../dom.js'
import { draftAt, isOverdue, triesOf } from '../doors.js'
import { t } from '../i18n/i18n.js'
import { whenOf } from './door-words.js'

/** @typedef {import('../application.js').App} App */
/** @typedef {import('../store/types.js').Door} Door */
/** @typedef {import('../store/types.js').DoorState} DoorState */

/** Paths of the pictures that only doors need. @type {Record<string, string>} */
const PICTURES = {
  nobody: 'M6 20V4h12v16M3 20h18M3 3l18 18',
  moved: 'M4 20V9l6-5 6 5v4M4 20h7M14 18h7M18 15l3 3-3 3',
  refused: 'M6.500 6.500l11 11M17.500 6.500l-11 11M21 12a9 9 0 1 1-18 0a9 9 0 0 1 18 0z',
}

/** How a state looks; its words say the same. @type {Record<DoorState, {picture: string, tone: string}>} */
const LOOKS = {
  open: { picture: 'door', tone: 'soft' },
  call_again: { picture: 'clock', tone: 'info' },
  nobody_home: { picture: 'nobody', tone: 'soft' },
  visited: { picture: 'check', tone: 'success' },
  refused: { picture: 'refused', tone: 'soft' },
  moved: { picture: 'moved', tone: 'soft' },
}

/** A label to show; that of a record which cannot be opened is missing. @param {Door} door */
export function labelOf({ label }) {
  return label || t('doors.unreadable')
}

/** Picture and words of a door's state. @param {Door} door @param {number} now */
export function stateOf(door, now) {
  const { state, call_at } = door
  if (state !== 'call_again') return { ...LOOKS[state], text: t(`doors.state_${state}`) }
  const when = call_at === null ? '' : whenOf(call_at, now)
  return isOverdue(door, now) ? { picture: 'alert', tone: 'warning', text: t('doors.overdue', { when }) } : { ...LOOKS[state], text: t('doors.call_at', { when }) }
}

/** @param {Door} door @param {number} now */
export function stateIcon(door, now) {
  const { picture: name, tone } = stateOf(door, now)
  return el('span', { class: `row__state row__state--${tone}` }, doorPicture(name))
}

/** @param {App} app @param {Door} door @param {string} [where] the community, where the list does not say it */
export function doorRow(app, door, where) {
  const now = Date.now()
  const { text, tone } = stateOf(door, now)
  const visits = triesOf(door)
  const more = [where, visits > 0 && t('doors.tries', { count: visits }), draftAt(app.state.drafts, door) && t('doors.has_draft'), door.visits?.some(({ status }) => status) && t('doors.not_taken')]
  const note = more.filter(Boolean).join(' · ')
  return el('a', { class: 'row', href: `/app/door/${door.id}`, 'data-door': door.id, 'data-door-state': door.state },
    stateIcon(door, now),
    el('span', { class: 'row__main' },
      el('span', { class: 'row__title' }, labelOf(door)),
      el('span', { class: `row__status row__status--${tone}` }, text),
      note && el('span', { class: 'row__note' }, note)),
    icon('next'))
}

/** A picture of doors, or one of the client's. @param {string} name */
export function doorPicture(name) {
  return name in PICTURES ? drawing(PICTURES[name], name) : icon(name)
}
