/** One round of sending: documents first, since they are small, then files, then what left the phone is closed. */

import { ApiError } from './api.js'
import { batches } from './batches.js'
import { pushBatch } from './push.js'
import { filesStillToSend, mayLeave } from './receipts.js'
import { countWaiting } from './waiting.js'
import { closeEntry, listOutbox, updateEntry } from '../store/outbox.js'
import { readFile, updateFile } from '../store/files.js'

/** @typedef {import('./api.js').Api} Api */
/** @typedef {import('./push.js').Outcome} Outcome */
/** @typedef {import('../store/database.js').Database} Database */
/** @typedef {import('../store/types.js').OutboxEntry} OutboxEntry */
/**
 * @typedef {object} Round
 * @property {Api} api
 * @property {Database} database
 * @property {() => number} now
 * @property {boolean} isInsistent whether entries that failed for their content are tried again
 * @property {(done: number, total: number, sending: string[]) => void} report `sending`: hashes of the entries now on their way
 */

/** Codes after which the next entry may still go through; after all others the connection is the matter. */
const STATUSES_OF_CONTENT = new Set([400, 404, 409, 413, 415, 422, 460])

/**
 * Sends everything that waits. Gives how many entries left the phone. Raises ApiError where the server was not to be had.
 * @param {Round} round
 */
export async function sendAll(round) {
  const entries = (await listOutbox(round.database)).filter((entry) => isToSend(entry, round.isInsistent))
  let done = 0
  const report = (/** @type {OutboxEntry[]} */ current) => round.report(done, entries.length, current.map((entry) => entry.hash))
  for (const batch of batches(entries.filter((entry) => entry.status !== 'sent'))) {
    report(batch)
    done += await sendBatch(round, batch)
  }
  for (const entry of await listOutbox(round.database)) {
    if (entry.status !== 'sent') continue
    report([entry])
    done += await sendFiles(round, entry)
  }
  return done
}

/** @param {OutboxEntry} entry @param {boolean} isInsistent */
function isToSend(entry, isInsistent) {
  return entry.status === 'waiting' || entry.status === 'sent' || (isInsistent && entry.status === 'failed')
}

/** @param {Round} round @param {OutboxEntry[]} batch @returns {Promise<number>} entries that left */
async function sendBatch(round, batch) {
  const outcomes = await pushBatch(round.api, batch, await countWaiting(round.database))
  let left = 0
  for (const outcome of outcomes) left += await (outcome.receipt ? noteArrival(round, outcome) : noteFailure(round, outcome))
  // No receipt at all is no progress: the next try waits like after a failed call.
  if (outcomes.every((outcome) => outcome.error === 'no_receipt')) throw new ApiError('no_receipt', 200)
  return left
}

/** @param {Round} round @param {Outcome} outcome */
async function noteArrival({ database, now }, { entry, receipt }) {
  if (!receipt) return 0
  const filesLeft = filesStillToSend(receipt, entry.files_left)
  const note = { status: receipt.status, message: receipt.message ?? '' }
  /** @type {OutboxEntry} */
  const next = { ...entry, status: 'sent', receipt: note, files_left: filesLeft, error: '' }
  await updateEntry(database, entry.hash, next)
  return closeIfDone(database, next, now())
}

/** @param {Round} round @param {Outcome} outcome */
async function noteFailure({ database }, { entry, error }) {
  const status = error === 'no_receipt' ? 'waiting' : error === 'kept_aside' ? 'quarantined' : 'failed'
  await updateEntry(database, entry.hash, { status, error, tries: entry.tries + 1 })
  return 0
}

/** @param {Round} round @param {OutboxEntry} entry @returns {Promise<number>} 1 if the entry left */
async function sendFiles({ api, database, now }, entry) {
  let filesLeft = entry.files_left
  for (const name of entry.files_left) {
    const error = await sendFile(api, database, entry.id, name)
    if (error === '') filesLeft = filesLeft.filter((other) => other !== name)
    await updateEntry(database, entry.hash, { files_left: filesLeft, error, tries: entry.tries + (error ? 1 : 0) })
  }
  return closeIfDone(database, { ...entry, files_left: filesLeft }, now())
}

/**
 * Sends one file and gives '' or what is the matter with it alone. Raises ApiError where the connection is the matter.
 * @param {Api} api
 * @param {Database} database
 * @param {string} response
 * @param {string} name
 */
async function sendFile(api, database, response, name) {
  const file = await readFile(database, response, name)
  if (!file) return 'file_missing'
  const { uploadFile } = await import('./uploads.js')
  try {
    if (!file.done) await uploadFile(api, database, file)
    return ''
  } catch (error) {
    if (!(error instanceof ApiError)) return 'file_unreadable'
    if (!STATUSES_OF_CONTENT.has(error.status)) throw error
    // Whatever was agreed about this upload did not hold: the next try asks for it anew.
    await updateFile(database, file, { url: '' })
    return error.code
  }
}

/** @param {Database} database @param {OutboxEntry} entry @param {number} now */
async function closeIfDone(database, entry, now) {
  if (!entry.receipt || !mayLeave(entry, entry.files_left)) return 0
  await closeEntry(database, entry, entry.receipt, now)
  return 1
}
