/** The rules of the volunteer's list of doors. Pure. */

/** @typedef {import('./store/types.js').Door} Door */
/** @typedef {import('./store/types.js').DoorState} DoorState */
/** @typedef {import('./store/types.js').Draft} Draft */
/** @typedef {import('./store/types.js').Outcome} Outcome */
/** @typedef {'todo' | 'call_again' | 'done' | 'all'} Filter */

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** Of the evening, when people are home; and of the next morning. */
const EVENING = 19
const MORNING = 10

/** @type {Filter[]} */
export const FILTERS = ['todo', 'call_again', 'done', 'all']

/** Which doors come first where no call is agreed. @type {DoorState[]} */
const ORDER = ['call_again', 'open', 'nobody_home', 'visited', 'refused', 'moved']

/**
 * A door that the volunteer adds.
 * @param {Pick<Door, 'id' | 'author' | 'place' | 'label' | 'note'>} about
 * @param {number} now
 * @returns {Door}
 */
export function newDoor(about, now) {
  return { ...about, state: 'open', call_at: null, attempts: [], response: null, origin: 'own', list_id: null, list_key: null, created_at: now, updated_at: now, rev: 0 }
}

/**
 * The door after something happened there.
 * @param {Door} door
 * @param {Outcome} outcome
 * @param {number} at
 * @param {number | null} [callAt] when to call again
 * @returns {Door}
 */
export function noted(door, outcome, at, callAt = null) {
  return { ...door, state: outcome, call_at: callAt, attempts: [...door.attempts, { at, outcome }], updated_at: at }
}

/**
 * The door with a visit that the office is to hear of, where the office drew it up: how it stands now, or that what was noted is taken back.
 * @param {Door} door as it is after the visit
 * @param {string} id of the visit
 * @param {{isTakenBack?: boolean, at?: number}} [what]
 * @returns {Door}
 */
export function told(door, id, { isTakenBack = false, at = door.updated_at } = {}) {
  if (door.origin !== 'list') return door
  const visits = door.visits ?? []
  // Their order is that of their times.
  const after = Math.max(at, ...visits.map((visit) => visit.at + 1))
  const visit = isTakenBack ? { outcome: /** @type {const} */ ('open'), call_at: null, response: null } : { outcome: door.state, call_at: door.call_at, response: door.response }
  return { ...door, visits: [...visits, { id, at: after, ...visit }] }
}

/** How often somebody was there, as far as this phone knows. @param {Door} door */
export function triesOf({ origin, attempts, tries = 0, visits = [] }) {
  if (origin === 'own') return attempts.length
  return Math.max(0, visits.reduce((sum, { outcome }) => sum + (outcome === 'open' ? -1 : 1), tries))
}

/** How many doors of the office's lists are at a place, and how many of them are left. @param {Door[]} doors @param {string | null} place */
export function listDoorsAt(doors, place) {
  const here = doors.filter((door) => door.origin === 'list' && door.place === place)
  return { count: here.length, left: here.filter((door) => !isDone(door)).length }
}

/** @param {Pick<Door, 'state'>} door */
export function isDone({ state }) {
  return state === 'visited' || state === 'refused' || state === 'moved'
}

/** @param {Filter} filter @returns {(door: Door) => boolean} */
export function passes(filter) {
  if (filter === 'all') return () => true
  if (filter === 'call_again') return ({ state }) => state === 'call_again'
  return (door) => isDone(door) === (filter === 'done')
}

/** How many doors each filter shows. @param {Door[]} doors @returns {Record<Filter, number>} */
export function countDoors(doors) {
  return /** @type {Record<Filter, number>} */ (Object.fromEntries(FILTERS.map((filter) => [filter, doors.filter(passes(filter)).length])))
}

/** Agreed calls first, the earliest on top; then those to visit, those to try again, and those that are done; in the order of their list, and by their labels. @param {Door[]} doors */
export function orderDoors(doors) {
  const compare = new Intl.Collator('zh', { numeric: true }).compare
  const rank = (/** @type {Door} */ { state }) => ORDER.indexOf(state)
  return [...doors].sort((one, other) =>
    rank(one) - rank(other) || (one.call_at ?? Infinity) - (other.call_at ?? Infinity) || (one.position ?? 0) - (other.position ?? 0) || compare(one.label, other.label))
}

/** Calls that were agreed for today or the next three hours, and those that were missed, the earliest first. @param {Door[]} doors @param {number} now */
export function dueCalls(doors, now) {
  const until = Math.max(new Date(now).setHours(24, 0, 0, 0), now + 3 * 36e5)
  return orderDoors(doors.filter(({ state, call_at }) => state === 'call_again' && call_at !== null && call_at < until))
}

/** @param {Door} door @param {number} now */
export function isOverdue({ call_at }, now) {
  return call_at !== null && call_at < now
}

/** @param {string} text */
const folded = (text) => text.normalize('NFKC').toLowerCase()

/** Doors whose address, name or note has every word of the query in it. @param {Door[]} doors @param {string} query */
export function findDoors(doors, query) {
  const words = folded(query).split(/\s+/).filter(Boolean)
  return doors.filter(({ label, note }) => {
    const text = folded(`${label} ${note}`)
    return words.every((word) => text.includes(word))
  })
}

/** The door of a place that bears a label, however it is spaced. @param {Door[]} doors @param {string | null} place @param {string} label */
export function doorLabelled(doors, place, label) {
  const plain = (/** @type {string} */ text) => folded(text).replace(/\s+/g, '')
  return doors.find((door) => door.place === place && plain(door.label) === plain(label))
}

/** The draft that is continued at a door. @param {Draft[]} drafts the latest first @param {Door} door */
export function draftAt(drafts, door) {
  return drafts.find((draft) => draft.door === door.id || draft.id === door.response)
}

/**
 * Times to offer for a call: in an hour, this evening while it lies ahead, tomorrow morning.
 * @param {number} now
 * @returns {{name: 'hour' | 'evening' | 'tomorrow', at: number}[]}
 */
export function callTimes(now) {
  const five = 5 * MINUTE_MS
  const evening = new Date(now).setHours(EVENING, 0, 0, 0)
  const tomorrow = new Date(now)
  tomorrow.setDate(tomorrow.getDate() + 1)
  return [
    { name: 'hour', at: Math.ceil((now + HOUR_MS) / five) * five },
    ...(evening > now + HOUR_MS ? [{ name: /** @type {const} */ ('evening'), at: evening }] : []),
    { name: 'tomorrow', at: tomorrow.setHours(MORNING, 0, 0, 0) },
  ]
}

/** A moment as `datetime-local` inputs write it. @param {number} ms */
export function localInput(ms) {
  return new Date(ms - new Date(ms).getTimezoneOffset() * MINUTE_MS).toISOString().slice(0, 16)
}
