/** "My responses": what is draft, waiting, on its way, and safe at the server; in words and pictures, not by colour alone. */

import { ask, el, icon, showChildren } from '../dom.js'
import { language, shortTime, t } from '../i18n/i18n.js'
import { discardDraft } from '../store/draft-saving.js'
import { filesOf } from '../store/files.js'
import { draftCard, formTitle, placeAndName } from './cards.js'
import { safetyStrip } from './safety.js'
import { fetchDoorWords } from './door-words.js'
import { laterWords } from './later-words.js'
import { returnedRows } from './returned.js'
import { nextWords, outboxDetails, outboxWords, sentDetails, sentWords } from './status.js'

/** @typedef {import('../application.js').App} App */
/** @typedef {import('../store/types.js').Draft} Draft */
/** @typedef {import('../store/types.js').OutboxEntry} OutboxEntry */
/** @typedef {import('../store/types.js').Summary} Summary */
/** @typedef {{text: string, picture: string, tone: string}} Status */

/** The words say in how many minutes something happens. */
const LATER_MS = 20 * 1000

/** @param {App} app @returns {Promise<import('../router.js').View>} */
export async function openResponses(app) {
  await Promise.all([laterWords(), fetchDoorWords()])
  const element = el('main', { class: 'page' })
  const update = () => showChildren(element, content(app))
  update()
  const timer = setInterval(update, LATER_MS)
  return { element, tab: 'responses', update, close: () => clearInterval(timer) }
}

/** @param {App} app @returns {HTMLElement[]} */
function content(app) {
  const { outbox } = app.state
  const drafts = app.state.drafts.filter(({ returned }) => !returned)
  const back = returnedRows(app)
  // What came back is on top or on its way again, and in no second place.
  const underWay = new Set([...app.state.drafts, ...outbox].map(({ id }) => id))
  const sent = app.state.sent.filter(({ id }) => !underWay.has(id))
  const parts = [el('h1', {}, t('app.responses')), safetyStrip(app)]
  if (back.length + drafts.length + outbox.length + sent.length === 0) parts.push(nothing())
  parts.push(...section('returned.title', back))
  parts.push(...section('responses.drafts', drafts.map((draft) => draftRow(app, draft))))
  parts.push(...section('responses.outbox', outbox.map((entry) => row(app, entry, outboxStatus(app, entry), entry.summary.finished_at, () => tellOutbox(app, entry)))))
  parts.push(...section('responses.sent', sent.map((entry) => row(app, entry, statusOf(sentWords(entry.status, entry.base !== undefined)), entry.sent_at, () => tell(app, entry.summary, sentDetails(entry))))))
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

/** @param {App} app @param {OutboxEntry} entry @returns {Status} */
function outboxStatus(app, entry) {
  const { state } = app.sender
  const facts = { isRefused: app.state.device?.state === 'refused', now: Date.now() }
  return statusOf(outboxWords(entry, state), nextWords(entry, state, facts))
}

/**
 * @param {import('./status.js').Words & {picture: string, tone: string}} words
 * @param {import('./status.js').Words[]} [next] what happens next
 * @returns {Status}
 */
function statusOf({ key, params, picture, tone }, next = []) {
  // Chinese writes nothing between sentences.
  const text = [{ key, params }, ...next].map((words) => t(words.key, words.params)).join(language() === 'zh' ? '' : ' ')
  return { text, picture, tone }
}

/** @param {App} app @param {OutboxEntry} entry */
async function tellOutbox(app, { hash, ...drawn }) {
  // A row that looks the same stays, though there is more to tell by now.
  const entry = app.state.outbox.find((other) => other.hash === hash) ?? { hash, ...drawn }
  const files = await filesOf(app.database, entry.id)
  await tell(app, entry.summary, outboxDetails(entry, files.reduce((sum, { size }) => sum + size, 0), app.sender.state))
}

/** @param {App} app @param {Summary} summary @param {string} text lines */
function tell(app, summary, text) {
  return ask({ title: formTitle(app, summary.form, summary.title), text, yes: t('app.close') })
}

/**
 * @param {App} app
 * @param {{id: string, summary: Summary}} entry
 * @param {Status} status
 * @param {number} at
 * @param {() => void} onclick tells the details
 */
function row(app, { id, summary }, status, at, onclick) {
  return el('button', { class: 'row row--still row--button', type: 'button', 'data-response': id, onclick },
    el('span', { class: `row__state row__state--${status.tone}` }, icon(status.picture)),
    el('span', { class: 'row__main' },
      el('span', { class: 'row__title' }, formTitle(app, summary.form, summary.title)),
      el('span', { class: 'row__note' }, [...placeAndName(app, summary), shortTime(at)].filter(Boolean).join(' · ')),
      el('span', { class: `row__status row__status--${status.tone}` }, status.text)))
}
