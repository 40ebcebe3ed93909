/** The outbox: finished responses, which stay until the server's receipt names their id and content and every file has arrived. */

/** @typedef {import('./database.js').Database} Database */
/** @typedef {import('./database.js').Transaction} Transaction */
/** @typedef {import('./types.js').OutboxEntry} OutboxEntry */
/** @typedef {import('./types.js').SentEntry} SentEntry */

const DAY_MS = 24 * 3600 * 1000
const KEEP_RECEIPTS_MS = 30 * DAY_MS

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
