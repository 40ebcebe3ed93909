/** Pulling: forms, places and progress, and the form models whole, so that each form opens without a signal (A11). */

import { hashText } from '../digest.js'
import { addModel, dropModels, listFiles, listModels, saveWorld } from '../store/profile.js'
import { ApiError } from './api.js'
import { countWaiting } from './waiting.js'

/** @typedef {import('./api.js').Api} Api */
/** @typedef {import('../store/database.js').Database} Database */
/** @typedef {import('../store/types.js').FormInfo} FormInfo */
/** @typedef {import('../store/types.js').World} World */
/**
 * @typedef {object} Follow
 * @property {() => boolean} mayStop asked before each list or media file: whether the rest of them waits for the next pull
 * @property {() => void} changed called after each
 */

/**
 * Brings the phone up to date. Until the new forms are here the ones before stay. Raises ApiError.
 * @param {Api} api
 * @param {Database} database
 * @param {World} world as known before
 * @param {number} now
 * @param {Follow} [follow] without it no lists and media are fetched
 * @returns {Promise<void>}
 */
export async function pull(api, database, world, now, follow) {
  // What an earlier client pulled has nothing of the desk.
  const since = world.hasDesk === undefined ? '' : world.cursor
  const query = new URLSearchParams(/** @type {any} */ ({ since, ...(await countWaiting(database)) }))
  const answer = await api.json(`/sync/v1/pull?${query}`)
  if (typeof answer.cursor !== 'string' || typeof answer.changed !== 'boolean') throw new ApiError('not_an_answer', 200)
  const next = answer.changed ? worldOf(answer, now, world.user) : { ...world, pulled_at: now }
  if (answer.changed && (next.hasDesk || world.hasDesk)) Object.assign(next, await (await import('./desk.js')).keepDesk(api, database, answer, next.user ?? ''))
  if (world.forms.length === 0) await saveWorld(database, next)
  await fetchModels(api, database, next.forms)
  if (Object.keys(await listFiles(database)).length > 0) return (await import('./form-files.js')).pullFiles(api, database, world, next, follow)
  await saveWorld(database, next)
  await dropModels(database, next.forms)
}

/** @param {any} answer @param {number} now @param {string | undefined} user @returns {World} */
function worldOf(answer, now, user) {
  const { lists, returned, ...rest } = answer
  if (![rest.forms, rest.places, rest.mine, rest.progress].every(Array.isArray)) throw new ApiError('not_an_answer', 200)
  return { ...rest, user, pulled_at: now, hasDesk: Boolean(lists?.length || returned?.length) }
}

/**
 * Brings one questionnaire ahead of everything else, in one round trip, and gives what is known of it and whether it has no files that are still to come. Raises ApiError.
 * @param {Api} api
 * @param {Database} database
 * @param {string} id
 * @returns {Promise<{form: FormInfo, isWhole: boolean}>}
 */
export async function pullForm(api, database, id) {
  const { form, model } = await api.json(`/sync/v1/forms/${encodeURIComponent(id)}`)
  if (typeof form?.model !== 'string' || typeof model !== 'string') throw new ApiError('not_an_answer', 200)
  return { form, isWhole: (await keepModel(database, form.model, model)) === 0 }
}

/** @param {Api} api @param {Database} database @param {{model: string}[]} forms */
export async function fetchModels(api, database, forms) {
  const kept = await listModels(database)
  for (const { model } of forms) {
    if (!(model in kept)) await keepModel(database, model, await (await api.call(`/sync/v1/models/${model}`)).text())
  }
}

/** Gives how many files the model names. @param {Database} database @param {string} hash @param {string} text of the model */
async function keepModel(database, hash, text) {
  // Only the very bytes that the name stands for: a portal's page must not pass for a form.
  if ((await hashText(text)) !== hash) throw new ApiError('not_an_answer', 200)
  const { form, lists, media = {} } = JSON.parse(text)
  const files = [...Object.values(lists), ...Object.values(media)].filter((file) => file.sha256).map(({ sha256, size }) => [sha256, size])
  // Whoever reads the model next waits for this writing by itself.
  addModel(database, { hash, text }, form.place_path.length > 0, Object.fromEntries(files)).catch(() => {})
  return files.length
}
