/** One round of sending: all documents first, since they are small, then files, the smallest first; what is whole leaves the phone. */

import { ApiError } from './api.js'
import { batches } from './batches.js'
import { pushBatch } from './push.js'
import { filesStillToSend, mayLeave } from './receipts.js'
import { countWaiting } from './waiting.js'
import { listOutbox } from '../store/outbox.js'
import { closeEntry, updateEntry } from '../store/outbox-changes.js'
import { filesOf, readFile, updateFile } from '../store/files.js'
import { connectionKind, readWifiOnly } from './traffic.js'

/** @typedef {import('./api.js').Api} Api */
/** @typedef {import('./push.js').Outcome} Outcome */
/** @typedef {import('../store/database.js').Database} Database */
/** @typedef {import('../store/types.js').OutboxEntry} OutboxEntry */
/**
 * @typedef {object} Round
 * @property {Api} api
 * @property {Database} database
 * @property {(entry: OutboxEntry) => boolean} isOurs whether an entry goes in this round
 * @property {() => number} now
 * @property {boolean} isInsistent whether entries that failed for their content are tried again
 * @property {boolean} sendsFiles whether files go though they were to wait for Wi-Fi
 * @property {() => boolean} mayStop asked between pieces of files: whether new documents wait
 * @property {(done: number, total: number, sending: string[]) => void} report `sending`: hashes of the entries now on their way
 * @property {(isHeld: boolean) => void} hold told whether files wait for Wi-Fi
 * @property {() => void} noRoom told that the server has no room for files now
 * @property {(file: FileProgress) => void} move told how far a file is out
 *
 * @typedef {{hash: string, number: number, count: number, percent: number, isPhoto: boolean}} FileProgress file `number` of the `count` of an entry
 * @typedef {{entry: OutboxEntry, name: string, size: number, count: number}} Upload `count`: files of the entry
 */

/** How often at most the screen follows a file: drawing takes the phone's time. */
const TELL_MS = 400
const TELL_PERCENT = 5

/** Codes after which the next entry may still go through; after all others the connection is the matter. */
const STATUSES_OF_CONTENT = new Set([400, 404, 409, 413, 415, 422, 460])

/**
 * Sends everything that waits. Gives how many entries left the phone. Raises ApiError where the server was not to be had.
 * @param {Round} round
 * @returns {Promise<number>}
 */
export async function sendAll(round) {
  const entries = (await listOutbox(round.database)).filter((entry) => round.isOurs(entry) && isToSend(entry, round.isInsistent))
  let done = 0
  const report = (/** @type {OutboxEntry[]} */ current) => round.report(done, entries.length, current.map((entry) => entry.hash))
  for (const batch of batches(entries.filter((entry) => entry.status !== 'sent'))) {
    report(batch)
    done += await sendBatch(round, batch)
  }
  const arrived = (await listOutbox(round.database)).filter((entry) => round.isOurs(entry) && entry.status === 'sent')
  // Where the phone was put away between an entry's last file and its closing.
  for (const entry of arrived) done += await closeIfDone(round.database, entry, round.now())
  const uploads = await uploadsOf(round.database, arrived)
  const isHeld = uploads.length > 0 && !round.sendsFiles && (await readWifiOnly(round.database)) && connectionKind() !== 'wifi'
  round.hold(isHeld)
  for (const upload of isHeld ? [] : uploads) {
    report([upload.entry])
    try {
      if (!(await sendFile(round, upload))) break
    } catch (error) {
      if (!(error instanceof ApiError && error.code === 'disk_nearly_full')) throw error
      // Files wait; the answers of whoever else has this phone, visits and figures need not.
      round.noRoom()
      break
    }
    done += await closeIfDone(round.database, upload.entry, round.now())
  }
  return done
}

/**
 * The files that still have to go, the smallest first: a long one must not hold up what another response needs to be whole.
 * @param {Database} database
 * @param {OutboxEntry[]} entries
 */
async function uploadsOf(database, entries) {
  /** @type {Upload[]} */
  const uploads = []
  for (const entry of entries) {
    // What is the matter with its files is found out anew.
    entry.error = ''
    const files = await filesOf(database, entry.id)
    const sizes = new Map(files.map(({ name, size }) => [name, size]))
    const count = Math.max(files.length, entry.files_left.length)
    uploads.push(...entry.files_left.map((name) => ({ entry, name, size: sizes.get(name) ?? 0, count })))
  }
  return uploads.sort((one, other) => one.size - other.size)
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
  const next = { ...entry, status: 'sent', receipt: note, arrived_at: now(), files_left: filesLeft, error: '' }
  await updateEntry(database, entry.hash, next)
  return closeIfDone(database, next, now())
}

/** @param {Round} round @param {Outcome} outcome */
async function noteFailure({ database }, { entry, error }) {
  const status = error === 'no_receipt' ? 'waiting' : error === 'kept_aside' ? 'quarantined' : 'failed'
  await updateEntry(database, entry.hash, { status, error, tries: entry.tries + 1 })
  return 0
}

/**
 * Sends one file and notes it in its entry. Gives false where it stopped for what waits. Raises ApiError where the connection is the matter.
 * @param {Round} round
 * @param {Upload} upload
 */
async function sendFile(round, { entry, name, count }) {
  const { database } = round
  const file = await readFile(database, entry.id, name)
  let error = file ? '' : 'file_missing'
  if (file && !file.done) {
    const { uploadFile } = await import('./uploads.js')
    let toldAt = -TELL_MS
    let told = 0
    const moved = (/** @type {number} */ bytes) => {
      const percent = Math.min(99, Math.floor((100 * bytes) / file.size))
      if (percent < told + TELL_PERCENT && performance.now() - toldAt < TELL_MS) return
      toldAt = performance.now()
      told = percent
      round.move({ hash: entry.hash, number: count - entry.files_left.length + 1, count, percent, isPhoto: file.type.startsWith('image/') })
    }
    try {
      if (!(await uploadFile(round.api, database, file, { moved, mayStop: round.mayStop }))) return false
    } catch (problem) {
      if (problem instanceof ApiError && !STATUSES_OF_CONTENT.has(problem.status)) throw problem
      // Whatever was agreed about this upload did not hold: the next try asks for it anew.
      if (problem instanceof ApiError) await updateFile(database, file, { url: '' })
      error = problem instanceof ApiError ? problem.code : 'file_unreadable'
    }
  }
  // The entry is the same object for all its files.
  if (error) {
    entry.tries += 1
    entry.error = error
  } else entry.files_left = entry.files_left.filter((other) => other !== name)
  await updateEntry(database, entry.hash, { files_left: entry.files_left, error: entry.error, tries: entry.tries })
  return true
}

/** @param {Database} database @param {OutboxEntry} entry @param {number} now */
async function closeIfDone(database, entry, now) {
  if (!entry.receipt || !mayLeave(entry, entry.files_left)) return 0
  await closeEntry(database, entry, entry.receipt, now)
  return 1
}
