/** Pulling: forms, places and progress, and the form models whole, so that each form opens without a signal (A11). */

import { hashText } from '../digest.js'
import { addModel, dropModels, listModels, saveWorld } from '../store/profile.js'
import { ApiError } from './api.js'

/** @typedef {import('./api.js').Api} Api */
/** @typedef {import('../store/database.js').Database} Database */
/** @typedef {import('../store/types.js').World} World */

/**
 * Brings the phone up to date, and gives the world as now known. Raises ApiError.
 * @param {Api} api
 * @param {Database} database
 * @param {World} world as known before
 * @param {number} now
 * @returns {Promise<World>}
 */
export async function pull(api, database, world, now) {
  const answer = await api.json(`/sync/v1/pull?since=${encodeURIComponent(world.cursor)}`)
  if (typeof answer.cursor !== 'string' || typeof answer.changed !== 'boolean') throw new ApiError('not_an_answer', 200)
  const next = answer.changed ? worldOf(answer, now) : { ...world, pulled_at: now }
  await saveWorld(database, next)
  await fetchModels(api, database, new Set(next.forms.map((form) => form.model)))
  return next
}

/** @param {any} answer @param {number} now @returns {World} */
function worldOf(answer, now) {
  const { cursor, forms, places, mine, progress, notices = [] } = answer
  if (![forms, places, mine, progress].every(Array.isArray)) throw new ApiError('not_an_answer', 200)
  return { cursor, forms, places, mine, progress, notices, pulled_at: now }
}

/** @param {Api} api @param {Database} database @param {Set<string>} offered */
async function fetchModels(api, database, offered) {
  const kept = await listModels(database)
  for (const hash of offered) {
    if (hash in kept) continue
    const text = await (await api.call(`/sync/v1/models/${hash}`)).text()
    // Only the very bytes that the name stands for: a portal's page must not pass for a form.
    if ((await hashText(text)) !== hash) throw new ApiError('not_an_answer', 200)
    await addModel(database, { hash, text }, JSON.parse(text).form.place_path.length > 0)
  }
  await dropModels(database, offered)
}
