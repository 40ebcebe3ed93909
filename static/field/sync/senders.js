/** Whose hand a response goes through: its author's own where this phone still has their token, else the present volunteer's. */

import { ApiError } from './api.js'
import { sendAll } from './round.js'
import { listOutbox } from '../store/outbox.js'
import { setDeviceState } from '../store/profile.js'

/** @typedef {import('./round.js').Round} Round */
/** @typedef {import('../store/types.js').Device} Device */

/**
 * The device that sends what `author` finished. Pure.
 * @param {string} author
 * @param {Device} present
 * @param {Device[]} people
 */
export function senderOf(author, present, people) {
  return people.find(({ user, state }) => user.id === author && state === 'active') ?? present
}

/**
 * Sends everything that waits on this phone, volunteer by volunteer, the present one first. Gives how many entries left the phone.
 * Raises ApiError where the server was not to be had, or refuses the present volunteer's device.
 * @param {Omit<Round, 'isOurs'>} round as the present volunteer
 * @param {Device} present
 * @param {Device[]} people
 * @param {(device: Device) => import('./api.js').Api} apiOf
 * @returns {Promise<number>}
 */
export async function sendForAll(round, present, people, apiOf) {
  const senderFor = (/** @type {import('../store/types.js').OutboxEntry} */ { summary }) => senderOf(summary.author, present, people).id
  const waiting = new Set((await listOutbox(round.database)).map(senderFor))
  let left = 0
  for (const device of [present, ...people.filter(({ id }) => id !== present.id)]) {
    if (!waiting.has(device.id)) continue
    try {
      left += await sendAll({ ...round, api: apiOf(device), isOurs: (entry) => senderFor(entry) === device.id })
    } catch (error) {
      if (device === present || !(error instanceof ApiError && error.isRefusal)) throw error
      await setDeviceState(round.database, 'refused', device.user.id)
      // These go with the present volunteer's instead.
      return left + (await sendForAll(round, present, people.filter(({ id }) => id !== device.id), apiOf))
    }
  }
  return left
}
