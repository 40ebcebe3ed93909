/** Sending what happened at doors of lists. Protocol: docs/sync-protocol.md, Visits. */

import { outcomeOf } from '../list-doors.js'
import { doorsIn } from '../store/doors.js'
import { ApiError } from './api.js'

/** @typedef {import('./api.js').Api} Api */
/** @typedef {import('../store/database.js').Database} Database */
/** @typedef {import('../store/types.js').Door} Door */
/** @typedef {import('../store/types.js').Visit} Visit */

const MOST_VISITS = 200
const TAKEN = new Set(['stored', 'already_stored'])

/**
 * Sends the visits of `user` that wait, and gives how many the server took. Those of a PIN that was not entered wait on. Raises ApiError where
 * the server was not to be had, or refuses the device.
 * @param {Api} api
 * @param {Database} database
 * @param {string} user
 */
export async function sendVisits(api, database, user) {
  const { keeper } = database
  const own = (await database.read(['doors'], doorsIn)).filter(({ author, visits = [] }) => author === user && visits.length > 0)
  const { doors } = keeper ? await keeper.shown({ doors: own }) : { doors: own }
  const waiting = doors.filter(({ list_key }) => list_key).flatMap((door) => (door.visits ?? []).filter(({ status }) => !status).map((visit) => ({ door, visit })))
  let taken = 0
  for (let from = 0; from < waiting.length; from += MOST_VISITS) {
    const batch = waiting.slice(from, from + MOST_VISITS)
    const statuses = await post(api, batch.map(({ door, visit }) => asSent(door, visit)))
    await noteStatuses(database, [...new Set(batch.map(({ door }) => door.id))], statuses)
    taken += [...statuses.values()].filter((status) => TAKEN.has(status)).length
  }
  return taken
}

/** @param {Door} door @param {Visit} visit */
function asSent({ list_id, list_key }, { id, at, outcome, call_at, response }) {
  const iso = (/** @type {number} */ ms) => new Date(ms).toISOString()
  return { id, list: list_id, key: list_key, at: iso(at), outcome: outcomeOf(outcome), call_at: call_at === null ? null : iso(call_at), response }
}

/** The status of each visit that got a receipt, by its id. @param {Api} api @param {object[]} visits @returns {Promise<Map<string, string>>} */
async function post(api, visits) {
  try {
    const { receipts } = await api.post('/sync/v1/visits', { visits })
    if (!Array.isArray(receipts)) throw new ApiError('not_an_answer', 200)
    return new Map(receipts.map(({ id, status }) => [id, status]))
  } catch (error) {
    // What the server makes nothing of waits for a later one, and holds up nothing else.
    if (error instanceof ApiError && error.status >= 400 && error.status < 500 && !error.isRefusal) return new Map()
    throw error
  }
}

/** @param {Database} database @param {string[]} ids of doors @param {Map<string, string>} statuses */
function noteStatuses(database, ids, statuses) {
  return database.write(['doors'], async (transaction) => {
    for (const id of ids) {
      const door = await transaction.get('doors', id)
      if (door) await transaction.put('doors', settled(door, statuses))
    }
  })
}

/**
 * The door without the visits that the server has; the others say why it did not take them. Pure.
 * @param {Door} door
 * @param {Map<string, string>} statuses
 * @returns {Door}
 */
export function settled(door, statuses) {
  const visits = door.visits ?? []
  const isTaken = (/** @type {Visit} */ { id }) => TAKEN.has(statuses.get(id) ?? '')
  const tries = visits.filter(isTaken).reduce((sum, { outcome }) => sum + (outcome === 'open' ? -1 : 1), door.tries ?? 0)
  const left = visits.filter((visit) => !isTaken(visit)).map((visit) => ({ ...visit, status: statuses.get(visit.id) ?? visit.status }))
  return { ...door, tries, visits: left, rev: door.rev + 1 }
}
