/** Doors of the office's lists, as the phone keeps them beside the volunteer's own. Pure. */

import { newDoor } from './doors.js'

/** @typedef {import('./store/types.js').Door} Door */
/** @typedef {import('./store/types.js').DoorState} DoorState */
/** @typedef {{id: string, name: string, form: string | null, entries: any[]}} DoorList as a pull brings it, docs/sync-protocol.md */

/** What the server calls each state. @type {Record<string, DoorState>} */
const STATES = { open: 'open', done: 'visited', nobody_home: 'nobody_home', refused: 'refused', moved: 'moved', call_again: 'call_again' }

/** What follows the server. @type {(keyof Door)[]} */
const FOLLOWED = ['place', 'label', 'note', 'state', 'call_at', 'response', 'list_name', 'form', 'position', 'tries', 'visits']

/** The server's word for a state of a door. @param {DoorState} state */
export function outcomeOf(state) {
  return state === 'visited' ? 'done' : state
}

/**
 * The doors that are new or changed, and those that left their list. A door with visits that the server does not have stands as the
 * volunteer noted it, and stays.
 * @param {Door[]} doors the volunteer's, of all origins
 * @param {DoorList[]} lists
 * @param {{author: string, now: number, uuid: () => string}} about
 * @returns {{put: Door[], drop: Door[]}}
 */
export function mergeDoors(doors, lists, { author, now, uuid }) {
  const nameOf = (/** @type {string | null} */ list, /** @type {string | null} */ key) => JSON.stringify([list, key])
  const present = new Map(doors.filter(({ origin }) => origin === 'list').map((door) => [nameOf(door.list_id, door.list_key), door]))
  /** @type {Door[]} */
  const put = []
  let position = 0
  for (const list of lists) {
    for (const entry of list.entries) {
      position += 1
      const name = nameOf(list.id, entry.key)
      const before = present.get(name)
      const next = follow(before ?? blank(list, entry, author, now, uuid()), list, entry, position)
      present.delete(name)
      if (!before || FOLLOWED.some((key) => JSON.stringify(before[key]) !== JSON.stringify(next[key]))) put.push(next)
    }
  }
  return { put, drop: [...present.values()].filter(({ visits = [] }) => visits.length === 0) }
}

/** @param {DoorList} list @param {any} entry @param {string} author @param {number} now @param {string} id @returns {Door} */
function blank(list, entry, author, now, id) {
  return { ...newDoor({ id, author, place: entry.place, label: entry.label, note: entry.note }, now), origin: 'list', list_id: list.id, list_key: entry.key, visits: [] }
}

/** @param {Door} door @param {DoorList} list @param {any} entry @param {number} position @returns {Door} */
function follow(door, list, entry, position) {
  const words = { place: entry.place, label: entry.label, note: entry.note, list_name: list.name, form: list.form, position }
  const visits = door.visits ?? []
  // What the server did not know the door of may be sent again.
  if (visits.length > 0) return { ...door, ...words, visits: visits.map((visit) => ({ ...visit, status: undefined })) }
  const stands = { state: STATES[entry.state] ?? 'open', call_at: Date.parse(entry.call_at) || null, tries: entry.attempts, response: entry.response ?? door.response }
  return { ...door, ...words, ...stands, visits }
}
