/** The outbox: finished responses, which stay until the server's receipt names their id and content and every file has arrived. */

import { decideFinish } from './revision.js'
import { forkDraft } from './drafts.js'

/** @typedef {import('./database.js').Database} Database */
/** @typedef {import('./database.js').Transaction} Transaction */
/** @typedef {import('./types.js').Draft} Draft */
/** @typedef {import('./types.js').OutboxEntry} OutboxEntry */
/** @typedef {import('./types.js').FileEntry} FileEntry */
/** @typedef {import('./types.js').SentEntry} SentEntry */

const DAY_MS = 24 * 3600 * 1000
const KEEP_RECEIPTS_MS = 30 * DAY_MS

/**
 * Turns a draft into an outbox entry, in one transaction: there is no moment in which both exist, or neither (A12).
 * @param {Database} database
 * @param {Draft} draft with the `rev` that the tab knows
 * @param {OutboxEntry} entry
 * @param {string[]} fileNames files that the document names; the draft's others go
 * @param {() => string} uuid
 * @returns {Promise<{finished: boolean, draft: Draft}>} not finished: another tab was first, and `draft` is the new one that keeps the answers
 */
export function finishDraft(database, draft, entry, fileNames, uuid) {
  return database.write(['drafts', 'outbox', 'files'], async (transaction) => {
    const stored = await transaction.get('drafts', draft.id)
    const action = decideFinish(stored, draft.rev)
    if (action === 'fork') return { finished: false, draft: await forkDraft(transaction, draft, uuid) }
    if (action === 'finish-and-keep-other') await forkDraft(transaction, stored, uuid)
    await transaction.put('outbox', entry)
    await transaction.delete('drafts', draft.id)
    for (const file of await transaction.allBy('files', 'response', draft.id)) {
      if (!fileNames.includes(file.name)) await transaction.delete('files', [draft.id, file.name])
    }
    return { finished: true, draft }
  })
}

/** Everything that is not wholly at the server, the oldest first. @param {Database} database @returns {Promise<OutboxEntry[]>} */
export function listOutbox(database) {
  return database.read(['outbox'], outboxIn)
}

/** @param {Transaction} transaction over `outbox` @returns {Promise<OutboxEntry[]>} */
export async function outboxIn(transaction) {
  const entries = await transaction.all('outbox')
  return entries.sort((one, other) => one.summary.finished_at - other.summary.finished_at)
}

/**
 * Changes an entry, if it is still there.
 * @param {Database} database
 * @param {string} hash
 * @param {Partial<OutboxEntry>} changes
 */
export function updateEntry(database, hash, changes) {
  return database.write(['outbox'], async (transaction) => {
    const entry = await transaction.get('outbox', hash)
    if (entry) await transaction.put('outbox', { ...entry, ...changes })
  })
}

/**
 * Moves an entry that is wholly at the server to the receipts, and lets its files go.
 * @param {Database} database
 * @param {OutboxEntry} entry
 * @param {{status: string, message: string}} receipt
 * @param {number} now milliseconds since 1970
 */
export function closeEntry(database, entry, receipt, now) {
  /** @type {SentEntry} */
  const sent = { hash: entry.hash, id: entry.id, sent_at: now, summary: entry.summary, ...receipt }
  return database.write(['outbox', 'files', 'sent'], async (transaction) => {
    await transaction.put('sent', sent)
    await transaction.delete('outbox', entry.hash)
    // A later revision of the same response may still need them.
    if ((await transaction.allBy('outbox', 'id', entry.id)).length > 0) return
    for (const file of await transaction.allBy('files', 'response', entry.id)) {
      await transaction.delete('files', [entry.id, file.name])
    }
  })
}

/**
 * What the server has, the latest first, for as long as receipts are kept.
 * @param {Transaction} transaction over `sent`
 * @param {number} now
 * @returns {Promise<SentEntry[]>}
 */
export async function sentIn(transaction, now) {
  const entries = await transaction.all('sent')
  return entries.filter((entry) => entry.sent_at >= now - KEEP_RECEIPTS_MS).sort((one, other) => other.sent_at - one.sent_at)
}

/** Removes receipts that were kept long enough. @param {Database} database @param {number} now */
export function dropOldReceipts(database, now) {
  return database.cache(['sent'], async (transaction) => {
    for (const entry of await transaction.all('sent')) {
      if (entry.sent_at < now - KEEP_RECEIPTS_MS) await transaction.delete('sent', entry.hash)
    }
  })
}
