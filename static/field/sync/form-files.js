/** Fetching the lists and media of questionnaires. Loaded only where a questionnaire has some. */

import { sha256, toHex } from '../digest.js'
import { addressOf, keptFiles, openCache, wholeModels } from '../store/form-files.js'
import { dropModels, listFiles, listModels, saveWorld } from '../store/profile.js'
import { ApiError } from './api.js'

/** @typedef {import('./api.js').Api} Api */
/** @typedef {import('./pull.js').Follow} Follow */
/** @typedef {import('../store/database.js').Database} Database */
/** @typedef {import('../store/types.js').FormInfo} FormInfo */
/** @typedef {import('../store/types.js').World} World */

/** @type {Follow} */
const NO_FILES = { mayStop: () => true, changed: () => {} }

/** Slower than this a connection is taken for dead. */
const SLOWEST_BYTES_PER_SECOND = 4000
const LEAST_SECONDS = 60

/**
 * The end of a pull whose form models are here: shows what is whole, fetches the files that are missing, and lets go of what nothing needs.
 * What is not whole then is taken up again by the next pull. Raises ApiError.
 * @param {Api} api
 * @param {Database} database
 * @param {World} world as known before
 * @param {World} next as the server says
 * @param {Follow} [follow]
 */
export async function pullFiles(api, database, world, next, follow = NO_FILES) {
  const shown = await shownUntilWhole(database, world, next)
  await saveWorld(database, shown)
  follow.changed()
  const files = await listFiles(database)
  const isWhole = await fetchFiles(api, Object.assign({}, ...next.forms.map(({ model }) => files[model])), follow)
  if (isWhole && shown !== next) await saveWorld(database, next)
  await dropModels(database, isWhole ? next.forms : [...next.forms, ...shown.forms])
  await keepOnly(new Set(Object.values(await listFiles(database)).flatMap((sizes) => Object.keys(sizes))))
}

/**
 * `next`, but in place of each form that is not whole the version before, if that is.
 * @param {Database} database
 * @param {World} world as known before
 * @param {World} next
 * @returns {Promise<World>} `next` itself where nothing is missing
 */
async function shownUntilWhole(database, world, next) {
  const { models } = await wholeModels(await listModels(database), await listFiles(database))
  const isWhole = (/** @type {FormInfo} */ form) => form.model in models
  if (next.forms.every(isWhole)) return next
  const forms = next.forms.map((form) => (isWhole(form) ? form : (world.forms.find((before) => before.id === form.id && isWhole(before)) ?? form)))
  // Without a cursor the server says everything again, until it is all here.
  return { ...next, forms, cursor: '' }
}

/**
 * Fetches the files that are not here yet, one after another; those that have come stay, whatever happens to the rest. Gives whether all
 * are here. Raises ApiError: at once where the connection is the matter, after the others where it is one file.
 * @param {Api} api
 * @param {Record<string, number>} wanted bytes by hash
 * @param {Follow} follow
 * @returns {Promise<boolean>}
 */
export async function fetchFiles(api, wanted, { mayStop, changed }) {
  const kept = await keptFiles()
  /** @type {ApiError | null} */
  let failure = null
  let isWhole = true
  for (const [hash, size] of Object.entries(wanted)) {
    if (kept.has(hash)) continue
    if (mayStop()) return false
    try {
      await fetchFile(api, hash, size)
    } catch (error) {
      if (isFull(error)) return false
      if (!(error instanceof ApiError) || error.status === 0 || error.isRefusal) throw error
      isWhole = false
      // A file that the server has lost is no reason to call the server troubled, and to ask it again and again.
      if (error.status !== 404) failure ??= error
    }
    changed()
  }
  if (failure) throw failure
  return isWhole
}

/** @param {Api} api @param {string} hash @param {number} size */
async function fetchFile(api, hash, size) {
  const answer = await api.call(addressOf(hash), {}, Math.max(LEAST_SECONDS, size / SLOWEST_BYTES_PER_SECOND))
  const bytes = await bytesOf(answer)
  // Only the very bytes that the name stands for: a portal's page must not pass for a list.
  if (toHex(await sha256(bytes)) !== hash) throw new ApiError('not_an_answer', 200)
  const headers = { 'Content-Type': answer.headers.get('Content-Type') ?? '' }
  await (await openCache()).put(addressOf(hash), new Response(bytes, { headers }))
}

/** @param {Response} answer */
async function bytesOf(answer) {
  try {
    return await answer.arrayBuffer()
  } catch {
    // The connection went away in the middle.
    throw new ApiError('offline', 0)
  }
}

/** The phone has no room: the file waits until it has, and nothing else is held up. @param {unknown} error */
function isFull(error) {
  return error instanceof DOMException && error.name === 'QuotaExceededError'
}

/**
 * Reads files for an open questionnaire: from the phone, else from the server while there is a signal.
 * @param {Api} api
 * @returns {(sha256: string) => Promise<Response | undefined>}
 */
export function fileReader(api) {
  return async (hash) => {
    const cache = await openCache()
    const kept = await cache.match(addressOf(hash))
    if (kept) return kept
    await fetchFile(api, hash, 0)
    return cache.match(addressOf(hash))
  }
}

/** Removes the files that no form model on the phone names. @param {Set<string>} needed hashes */
async function keepOnly(needed) {
  const cache = await openCache()
  for (const hash of await keptFiles()) if (!needed.has(hash)) await cache.delete(addressOf(hash))
}
