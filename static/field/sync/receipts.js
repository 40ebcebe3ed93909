/** What a receipt allows. Pure; the rule that nothing is lost rests on this file. */

/** @typedef {import('../store/types.js').OutboxEntry} OutboxEntry */
/** @typedef {{id: string | null, hash: string, status: string, revision?: number, missing_files?: string[], reason?: string, message?: string}} Receipt */

const ARRIVED = new Set(['stored', 'already_stored', 'revision_stored', 'quarantined', 'deleted'])

/**
 * The receipt for `entry` in an answer, or null. One counts only with the entry's own id and hash (A09).
 * @param {OutboxEntry} entry
 * @param {any} answer body of a push's answer
 * @returns {Receipt | null}
 */
export function receiptFor(entry, answer) {
  const receipts = Array.isArray(answer?.receipts) ? answer.receipts : []
  const own = receipts.find((/** @type {any} */ receipt) => receipt?.id === entry.id && receipt?.hash === entry.hash)
  return own && ARRIVED.has(own.status) ? own : null
}

/**
 * Whether the server keeps `entry` aside without having found its id: it must not be sent over and over, nor leave the phone.
 * @param {OutboxEntry} entry
 * @param {any} answer
 */
export function isKeptAside(entry, answer) {
  const receipts = Array.isArray(answer?.receipts) ? answer.receipts : []
  return receipts.some((/** @type {any} */ receipt) => receipt?.hash === entry.hash && receipt?.status === 'quarantined')
}

/**
 * Names of the files that the server still lacks. A receipt that does not say counts as one that lacks them all.
 * @param {Receipt} receipt
 * @param {string[]} names of the response's files
 */
export function filesStillToSend(receipt, names) {
  // A supervisor deleted the response, and its files with it.
  if (receipt.status === 'deleted') return []
  const missing = receipt.missing_files
  return Array.isArray(missing) ? names.filter((name) => missing.includes(name)) : names
}

/**
 * Whether an entry may leave the phone: its document arrived, and every file of it.
 * @param {OutboxEntry} entry
 * @param {string[]} filesLeft names of files that are not wholly at the server
 */
export function mayLeave(entry, filesLeft) {
  return entry.status === 'sent' && entry.receipt !== null && filesLeft.length === 0
}
