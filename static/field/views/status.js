/** What the phone says of one response: where it is, what happens next, and why. */

import { shortTime, t } from '../i18n/i18n.js'
import { bytesText } from './amounts.js'

/** @typedef {import('../sync/sender.js').SenderState} SenderState */
/** @typedef {import('../store/types.js').OutboxEntry} OutboxEntry */
/** @typedef {import('../store/types.js').SentEntry} SentEntry */
/** @typedef {{key: string, params: Record<string, string | number>}} Words */

const MINUTE_MS = 60 * 1000

/** Codes that have a sentence of their own, `sending.why_…`. */
const KNOWN = new Set([
  'no_receipt', 'kept_aside', 'push_malformed', 'body_not_json', 'body_too_large', 'file_too_large', 'file_missing', 'file_unreadable', 'upload_checksum_differs',
])

/**
 * What an outbox entry's row says. Pure.
 * @param {Pick<OutboxEntry, 'hash' | 'status' | 'files_left'>} entry
 * @param {Pick<SenderState, 'sending' | 'file'>} sender
 * @returns {Words & {picture: string, tone: string}}
 */
export function outboxWords(entry, { sending, file }) {
  if (file?.hash === entry.hash) return { key: file.isPhoto ? 'status.sending_photo' : 'status.sending_file', params: { number: file.number, count: file.count, percent: file.percent }, picture: 'up', tone: 'info' }
  if (sending.includes(entry.hash)) return { key: 'status.sending', params: {}, picture: 'up', tone: 'info' }
  if (entry.status === 'failed') return { key: 'status.failed', params: {}, picture: 'alert', tone: 'danger' }
  if (entry.status === 'quarantined') return { key: 'status.quarantined', params: {}, picture: 'alert', tone: 'warning' }
  if (entry.status === 'sent') return { key: 'status.files', params: { count: entry.files_left.length }, picture: 'up', tone: 'warning' }
  return { key: 'status.waiting', params: {}, picture: 'clock', tone: 'warning' }
}

/**
 * What happens to a waiting entry next: sentences, none where the row says it all. Pure.
 * @param {Pick<OutboxEntry, 'hash' | 'status'>} entry
 * @param {Pick<SenderState, 'phase' | 'sending' | 'next' | 'isHeld'>} sender
 * @param {{isRefused: boolean, now: number}} facts
 * @returns {Words[]}
 */
export function nextWords(entry, { phase, sending, next, isHeld }, { isRefused, now }) {
  if (sending.includes(entry.hash) || entry.status === 'quarantined') return []
  if (isRefused) return [{ key: 'sending.next_refused', params: {} }]
  if (entry.status === 'failed') return [{ key: 'sending.next_failed', params: {} }]
  if (entry.status === 'sent' && isHeld) return [{ key: 'sending.next_held', params: {} }]
  const why = { key: `sending.next_${phase}`, params: {} }
  return phase === 'idle' || phase === 'sending' || phase === 'refused' ? [why] : [why, again(next - now)]
}

/** @param {number} ms @returns {Words} */
function again(ms) {
  return ms < MINUTE_MS / 2 ? { key: 'sending.again_soon', params: {} } : { key: 'sending.again', params: { count: Math.round(ms / MINUTE_MS) } }
}

/** The details of an entry that is still here. @param {OutboxEntry} entry @param {number} filesSize bytes @param {Pick<SenderState, 'failures' | 'phase'>} sender */
export function outboxDetails(entry, filesSize, { failures, phase }) {
  const tries = entry.tries + (entry.status === 'failed' ? 0 : failures)
  return [
    t('sending.finished', { at: shortTime(entry.summary.finished_at) }),
    entry.arrived_at && t('sending.arrived', { at: shortTime(entry.arrived_at) }),
    entry.document !== undefined && sizeLine(entry.document, filesSize),
    tries > 0 && t('sending.tries', { count: tries }),
    entry.error && t('sending.why', { why: t(KNOWN.has(entry.error) ? `sending.why_${entry.error}` : 'sending.why_other', { code: entry.error }) }),
    !entry.error && failures > 0 && t(`sending.next_${phase}`),
    entry.receipt?.message,
  ].filter(Boolean).join('\n')
}

/** @param {string} document @param {number} filesSize */
function sizeLine(document, filesSize) {
  return t('sending.size', { answers: bytesText(new Blob([document]).size), files: bytesText(filesSize) })
}

/** The details of a response that has left. @param {SentEntry} entry */
export function sentDetails(entry) {
  return [t('sending.finished', { at: shortTime(entry.summary.finished_at) }), t('sending.sent', { at: shortTime(entry.sent_at) }), entry.message].filter(Boolean).join('\n')
}

/** What the row of a response that has left says. @param {string} receipt its status @param {boolean} [isCorrection] of one that was returned @returns {Words & {picture: string, tone: string}} */
export function sentWords(receipt, isCorrection = false) {
  if (receipt === 'quarantined') return { key: 'status.aside', params: {}, picture: 'alert', tone: 'warning' }
  if (receipt === 'deleted') return { key: 'status.deleted', params: {}, picture: 'alert', tone: 'warning' }
  return { key: isCorrection ? 'status.resubmitted' : 'status.safe', params: {}, picture: 'check', tone: 'success' }
}
