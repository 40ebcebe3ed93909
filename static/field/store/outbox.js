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
export async function finishDraft(database, draft, entry, fileNames, uuid) {
  const { keeper } = database
  const [keptDraft, kept] = keeper ? [await keeper.seal(draft), await keeper.seal(entry)] : [draft, entry]
  return database.write(['drafts', 'outbox', 'files'], async (transaction) => {
    const stored = await transaction.get('drafts', draft.id)
    const action = decideFinish(stored, draft.rev)
    if (action === 'fork') return { finished: false, draft: { ...draft, ...(await forkDraft(transaction, keptDraft, uuid)) } }
    if (action === 'finish-and-keep-other') await forkDraft(transaction, stored, uuid)
    await transaction.put('outbox', kept)
    await transaction.delete('drafts', draft.id)
    for (const file of await transaction.allBy('files', 'response', draft.id)) {
      if (!fileNames.includes(file.name)) await transaction.delete('files', [draft.id, file.name])
    }
    return { finished: true, draft }
  })
}

/**
 * Everything that is not wholly at the server and can be read now, the oldest first: not what is sealed by a PIN that was not entered.
 * @param {Database} database
 * @returns {Promise<OutboxEntry[]>}
 */
export async function listOutbox(database) {
  const entries = await database.read(['outbox'], outboxIn)
  const opened = database.keeper ? await Promise.all(entries.map((entry) => database.keeper?.open(entry) ?? entry)) : entries
  return opened.filter((entry) => !entry.sealed)
}

/** @param {Transaction} transaction over `outbox` @returns {Promise<OutboxEntry[]>} */
export async function outboxIn(transaction) {
  const entries = await transaction.all('outbox')
  return entries.sort((one, other) => one.summary.finished_at - other.summary.finished_at)
}

/**
 * Changes an entry, if it is still there. What it says never changes, and stays sealed or not.
 * @param {Database} database
 * @param {string} hash
 * @param {Partial<OutboxEntry>} changes
 */
export function updateEntry(database, hash, changes) {
  return database.write(['outbox'], async (transaction) => {
    const entry = await transaction.get('outbox', hash)
    if (entry) await transaction.put('outbox', { ...entry, ...changes, document: entry.document, summary: entry.summary })
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
  return database.write(['outbox', 'files', 'sent'], async (transaction) => {
    // The summary as it lies, sealed or not. Another tab may have closed it before.
    const { summary } = (await transaction.get('outbox', entry.hash)) ?? {}
    if (summary) await transaction.put('sent', { hash: entry.hash, id: entry.id, sent_at: now, summary, ...receipt })
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
