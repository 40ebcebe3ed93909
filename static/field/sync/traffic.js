/** What sending costs, and what the volunteer chose about it. */

import { traffic } from './api.js'

/** @typedef {import('../store/database.js').Database} Database */
/**
 * Bytes, each `[sent and received with answers and questionnaires, with photos and other files]`.
 * @typedef {object} Traffic
 * @property {number} since milliseconds since 1970
 * @property {string} month `2026-11`
 * @property {[number, number]} all since the first use
 * @property {[number, number]} ofMonth
 */

/** @type {[number, number]} */
const NONE = [0, 0]

/** @param {Database} database @param {string} key @returns {Promise<any>} */
function read(database, key) {
  return database.read(['profile'], (transaction) => transaction.get('profile', key))
}

/** Whether photos wait for Wi-Fi. @param {Database} database @returns {Promise<boolean>} */
export async function readWifiOnly(database) {
  return (await read(database, 'wifi-only')) ?? false
}

/** @param {Database} database @param {boolean} isChosen */
export async function saveWifiOnly(database, isChosen) {
  await database.write(['profile'], (transaction) => transaction.put('profile', isChosen, 'wifi-only'))
}

/**
 * What the browser says of the connection. Many tell nothing.
 * @param {any} [connection] the browser's
 * @returns {'wifi' | 'costly' | 'unknown'}
 */
export function connectionKind(connection = /** @type {any} */ (navigator).connection) {
  if (connection?.saveData || connection?.type === 'cellular') return 'costly'
  return connection?.type === 'wifi' || connection?.type === 'ethernet' ? 'wifi' : 'unknown'
}

/**
 * The bytes so far, with those that went and came since they were last noted.
 * @param {Traffic | undefined} kept
 * @param {number[]} fresh as in api.js
 * @param {number} now
 * @returns {Traffic}
 */
export function addTraffic(kept, fresh, now) {
  const month = new Date(now).toISOString().slice(0, 7)
  const add = (/** @type {[number, number]} */ before) => /** @type {[number, number]} */ ([before[0] + fresh[0] + fresh[1], before[1] + fresh[2] + fresh[3]])
  return { since: kept?.since ?? now, month, all: add(kept?.all ?? NONE), ofMonth: add(kept?.month === month ? kept.ofMonth : NONE) }
}

/** Notes the bytes that are not noted yet, and gives all. @param {Database} database @returns {Promise<Traffic>} */
export function noteTraffic(database) {
  const fresh = traffic.splice(0, 4, 0, 0, 0, 0)
  return database.cache(['profile'], async (transaction) => {
    const next = addTraffic(await transaction.get('profile', 'traffic'), fresh, Date.now())
    await transaction.put('profile', next, 'traffic')
    return next
  })
}
