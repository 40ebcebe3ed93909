/** Pushing documents: batches out, receipts in. Protocol: docs/sync-protocol.md, Push. */

import { isoLocal, offsetAt } from '../clock.js'
import { ApiError } from './api.js'
import { isKeptAside, receiptFor } from './receipts.js'

/** @typedef {import('./api.js').Api} Api */
/** @typedef {import('./receipts.js').Receipt} Receipt */
/** @typedef {import('../store/types.js').OutboxEntry} OutboxEntry */
/** @typedef {{entry: OutboxEntry, receipt: Receipt | null, error: string}} Outcome one document's: the receipt, or the code of what went wrong */

/** Codes that say that the call was understood and its content refused: waiting will not mend it, sending fewer may. */
const CONTENT_REFUSED = new Set(['body_not_json', 'push_malformed', 'body_too_large', 'too_many_responses'])

/**
 * Sends a batch and gives each document's outcome. Where the server refuses the whole call for its content, the halves are sent by
 * themselves, so that one bad document holds up no other. Raises ApiError where no answer was to be had.
 * @param {Api} api
 * @param {OutboxEntry[]} entries
 * @param {{responses: number, files: number, drafts: number}} waiting
 * @returns {Promise<Outcome[]>}
 */
export async function pushBatch(api, entries, waiting) {
  try {
    const answer = await sendBatch(api, entries, waiting)
    return entries.map((entry) => outcomeOf(entry, answer))
  } catch (error) {
    if (!(error instanceof ApiError) || !CONTENT_REFUSED.has(error.code)) throw error
    if (entries.length === 1) return [{ entry: entries[0], receipt: null, error: error.code }]
    const middle = Math.ceil(entries.length / 2)
    const first = await pushBatch(api, entries.slice(0, middle), waiting)
    return [...first, ...(await pushBatch(api, entries.slice(middle), waiting))]
  }
}

/** @param {OutboxEntry} entry @param {any} answer @returns {Outcome} */
function outcomeOf(entry, answer) {
  const receipt = receiptFor(entry, answer)
  if (receipt) return { entry, receipt, error: '' }
  return { entry, receipt, error: isKeptAside(entry, answer) ? 'kept_aside' : 'no_receipt' }
}

/**
 * @param {Api} api
 * @param {OutboxEntry[]} entries
 * @param {{responses: number, files: number, drafts: number}} waiting
 */
async function sendBatch(api, entries, waiting) {
  const now = Date.now()
  const body = JSON.stringify({ sent_at: isoLocal(now, offsetAt(now)), waiting, responses: entries.map((entry) => entry.document) })
  /** @type {Record<string, string>} */
  const headers = { 'Content-Type': 'application/json' }
  const packed = await gzip(body)
  if (packed) headers['Content-Encoding'] = 'gzip'
  const answer = await api.json('/sync/v1/push', { method: 'POST', headers, body: packed ?? body }, 120)
  if (!Array.isArray(answer.receipts)) throw new ApiError('not_an_answer', 200)
  return answer
}

/** `text` as gzip, or null where the browser cannot or it is not worth it. @param {string} text @returns {Promise<Blob | null>} */
async function gzip(text) {
  if (!('CompressionStream' in globalThis) || text.length < 1000) return null
  return new Response(new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))).blob()
}
