/** "My responses": what is draft, waiting, on its way, and safe at the server; in words and pictures, not by colour alone. */

import { ask, el, icon, showChildren } from '../dom.js'
import { shortTime, t } from '../i18n/i18n.js'
import { discardDraft } from '../store/drafts.js'
import { draftCard, formTitle, placeAndName } from './cards.js'
import { safetyStrip } from './safety.js'

/** @typedef {import('../application.js').App} App */
/** @typedef {import('../store/types.js').Draft} Draft */
/** @typedef {import('../store/types.js').OutboxEntry} OutboxEntry */
/** @typedef {import('../store/types.js').Summary} Summary */
/** @typedef {{text: string, picture: string, tone: string}} Status */

/** @param {App} app @returns {import('../router.js').View} */
export function openResponses(app) {
  const element = el('main', { class: 'page' })
  const update = () => showChildren(element, content(app))
  update()
  return { element, tab: 'responses', update }
}

/** @param {App} app @returns {HTMLElement[]} */
function content(app) {
  const { drafts, outbox, sent } = app.state
  const sending = app.sender.state.phase === 'sending' ? app.sender.state.sending : []
  const parts = [el('h1', {}, t('app.responses')), safetyStrip(app)]
  if (drafts.length + outbox.length + sent.length === 0) parts.push(nothing())
  parts.push(...section('responses.drafts', drafts.map((draft) => draftRow(app, draft))))
  parts.push(...section('responses.outbox', outbox.map((entry) => row(app, entry.id, entry.summary, outboxStatus(entry, sending), entry.summary.finished_at))))
  parts.push(...section('responses.sent', sent.map((entry) => row(app, entry.id, entry.summary, sentStatus(entry.status), entry.sent_at))))
  return parts
}

/** @param {string} title key @param {HTMLElement[]} rows @returns {HTMLElement[]} */
function section(title, rows) {
  if (rows.length === 0) return []
  return [el('section', { class: 'stack', 'data-section': title }, el('h2', {}, `${t(title)} (${rows.length})`), el('div', { class: 'rows' }, ...rows))]
}

function nothing() {
  return el('section', { class: 'card stack' }, el('p', {}, t('responses.none')), el('p', { class: 'soft' }, t('responses.none_why')))
}

/** @param {App} app @param {Draft} draft */
function draftRow(app, draft) {
  const discard = async () => {
    const isSure = await ask({ title: t('responses.discard_sure'), text: t('responses.discard_why'), yes: t('responses.discard'), no: t('app.cancel'), isDanger: true })
    if (!isSure) return
    await discardDraft(app.database, draft.id)
    await app.changed()
  }
  return el('div', { class: 'row-pair' }, draftCard(app, draft),
    el('button', { class: 'button button--quiet button--small', type: 'button', onclick: discard }, t('responses.discard')))
}

/**
 * What an outbox entry's row says. Pure.
 * @param {OutboxEntry} entry
 * @param {string[]} sending hashes of the entries now on their way
 * @returns {{key: string, params: Record<string, string | number>, picture: string, tone: string}}
 */
export function outboxWords(entry, sending) {
  if (sending.includes(entry.hash)) return { key: 'status.sending', params: {}, picture: 'up', tone: 'info' }
  if (entry.status === 'failed') return { key: 'status.failed', params: { code: entry.error }, picture: 'alert', tone: 'danger' }
  if (entry.status === 'quarantined') return { key: 'status.quarantined', params: {}, picture: 'alert', tone: 'warning' }
  if (entry.status === 'sent') return { key: 'status.files', params: { count: entry.files_left.length }, picture: 'up', tone: 'warning' }
  return { key: 'status.waiting', params: {}, picture: 'clock', tone: 'warning' }
}

/** @param {OutboxEntry} entry @param {string[]} sending @returns {Status} */
function outboxStatus(entry, sending) {
  const { key, params, picture, tone } = outboxWords(entry, sending)
  return { text: t(key, params), picture, tone }
}

/** @param {string} receipt @returns {Status} */
function sentStatus(receipt) {
  if (receipt === 'quarantined') return { text: t('status.aside'), picture: 'alert', tone: 'warning' }
  return { text: t('status.safe'), picture: 'check', tone: 'success' }
}

/** @param {App} app @param {string} id @param {Summary} summary @param {Status} status @param {number} at */
function row(app, id, summary, status, at) {
  return el('div', { class: 'row row--still', 'data-response': id },
    el('span', { class: `row__state row__state--${status.tone}` }, icon(status.picture)),
    el('span', { class: 'row__main' },
      el('span', { class: 'row__title' }, formTitle(app, summary.form, summary.title)),
      el('span', { class: 'row__note' }, [...placeAndName(app, summary), shortTime(at)].filter(Boolean).join(' · ')),
      el('span', { class: `row__status row__status--${status.tone}` }, status.text)))
}
