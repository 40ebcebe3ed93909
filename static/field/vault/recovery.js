/** A forgotten PIN: the supervisor lets the volunteer's key come back, sealed for this phone. docs/sync-protocol.md, Recoveries. */

import { toBase64 } from '../digest.js'
import { ApiError } from '../sync/api.js'
import { checkNumber, fromBase64, openBox, replyKeys } from './seal.js'
import { readVault } from './pin.js'

/** @typedef {import('../sync/api.js').Api} Api */
/** @typedef {import('../store/database.js').Database} Database */
/** @typedef {{id: string, keys: CryptoKeyPair, point: Uint8Array<ArrayBuffer>}} Asked what this phone keeps of its question; `id` '' until the server has it */
/** @typedef {{state: 'asked' | 'refused' | 'gone', number: string} | {state: 'granted', number: string, raw: Uint8Array<ArrayBuffer>}} Answer */

/** @param {Database} database @param {string} user @returns {Promise<Asked | undefined>} */
export function readAsked(database, user) {
  return database.read(['profile'], (transaction) => transaction.get('profile', `recovery ${user}`))
}

/** @param {Database} database @param {string} user @param {Asked} asked */
function writeAsked(database, user, asked) {
  return database.write(['profile'], (transaction) => transaction.put('profile', asked, `recovery ${user}`))
}

/** Forgets the question: it was answered, or is given up. @param {Database} database @param {string} user */
export function dropAsked(database, user) {
  return database.write(['profile'], (transaction) => transaction.delete('profile', `recovery ${user}`))
}

/**
 * Asks for the volunteer's key, or how the question stands that was asked before. Raises ApiError.
 * @param {Api} api with the volunteer's own token
 * @param {Database} database
 * @param {string} user
 * @returns {Promise<Answer>}
 */
export async function askSupervisor(api, database, user) {
  let asked = await readAsked(database, user)
  if (!asked) {
    asked = { id: '', ...(await replyKeys()) }
    // Kept before it is sent: whatever happens then, the same question is asked again.
    await writeAsked(database, user, asked)
  }
  if (!asked.id) asked = await send(api, database, user, asked)
  return stateOf(api, user, asked)
}

/** @param {Api} api @param {Database} database @param {string} user @param {Asked} asked */
async function send(api, database, user, asked) {
  const vault = await readVault(database, user)
  const recovery = vault?.recovery ?? { key_id: '', sealed: new Uint8Array() }
  const answer = await api.post('/sync/v1/recoveries', { user, key_id: recovery.key_id, sealed: toBase64(recovery.sealed), reply_key: toBase64(asked.point) })
  if (typeof answer.id !== 'string') throw new ApiError('not_an_answer', 200)
  const sent = { ...asked, id: answer.id }
  await writeAsked(database, user, sent)
  return sent
}

/** @param {Api} api @param {string} user @param {Asked} asked @returns {Promise<Answer>} */
async function stateOf(api, user, { id, keys, point }) {
  const number = await checkNumber(point)
  try {
    const { state, sealed } = await api.json(`/sync/v1/recoveries/${encodeURIComponent(id)}`)
    if (state === 'granted') return { state, number, raw: await openBox(keys.privateKey, user, fromBase64(sealed)) }
    return { state: state === 'refused' ? state : 'asked', number }
  } catch (error) {
    // After a day the server has forgotten it.
    if (error instanceof ApiError && error.status === 404) return { state: 'gone', number }
    throw error
  }
}
