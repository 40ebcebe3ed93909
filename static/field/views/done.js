/** After Finish: where the response is now, and the next one a tap away. */

import { el, icon, showChildren } from '../dom.js'
import { t } from '../i18n/i18n.js'
import { startDraft } from '../start.js'
import { outsideWindow } from '../window.js'
import { formTitle, placeAndName } from './cards.js'
import { laterWords } from './later-words.js'

/** @typedef {import('../application.js').App} App */
/** @typedef {import('../store/types.js').Summary} Summary */

/** @param {App} app @param {string} hash @returns {Promise<import('../router.js').View>} */
export async function openDone(app, hash) {
  await laterWords()
  const element = el('main', { class: 'page done' })
  const update = () => showChildren(element, content(app, hash))
  update()
  return { element, tab: 'home', update }
}

/** @param {App} app @param {string} hash @returns {HTMLElement[]} */
function content(app, hash) {
  const waiting = app.state.outbox.find((entry) => entry.hash === hash)
  const sent = app.state.sent.find((entry) => entry.hash === hash)
  const summary = (sent ?? waiting)?.summary
  if (!summary) return [el('a', { class: 'button button--primary', href: '/app/' }, t('app.start_page'))]
  return [
    el('div', { class: `done__state ${sent ? 'done__state--safe' : ''}`, role: 'status', 'data-state': sent ? 'safe' : 'kept' }, ...state(app, hash, sent?.status, waiting?.status === 'sent' && app.sender.state.isHeld)),
    el('p', { class: 'soft done__what' }, [formTitle(app, summary.form, summary.title), ...placeAndName(app, summary)].filter(Boolean).join(' · ')),
    el('div', { class: 'done__buttons' }, ...buttons(app, summary)),
  ]
}

/** @param {App} app @param {string} hash @param {string | undefined} receipt status of the receipt @param {boolean} isHeld whether photos wait for Wi-Fi @returns {HTMLElement[]} */
function state(app, hash, receipt, isHeld) {
  const isSending = app.sender.state.phase === 'sending' && app.sender.state.sending.includes(hash)
  const badge = el('span', { class: 'done__badge' }, icon(receipt ? 'check' : isSending ? 'up' : 'check'))
  if (receipt === 'deleted') return [badge, el('h1', {}, t('done.deleted'))]
  if (receipt === 'quarantined') return [badge, el('h1', {}, t('done.aside'))]
  if (receipt) return [badge, el('h1', {}, t('done.safe')), el('p', { class: 'soft' }, t('done.safe_why'))]
  return [badge, el('h1', {}, t('done.kept')), el('p', { class: 'soft' }, t(isSending ? 'done.sending' : isHeld ? 'done.held' : app.state.device?.state === 'refused' ? 'safe.refused_why' : 'done.kept_why'))]
}

/** @param {App} app @param {Summary} summary @returns {HTMLElement[]} */
function buttons(app, summary) {
  const form = app.state.world.forms.find((candidate) => candidate.id === summary.form)
  const next = form && form.model in app.state.models && !outsideWindow(form, Date.now())
    ? [el('button', { class: 'button button--primary button--large button--block', type: 'button', 'data-action': 'next', onclick: () => startDraft(app, form, summary.place, { replace: true }) }, t('done.next'))]
    : []
  const path = `/app/place/${summary.place === null ? '-' : encodeURIComponent(summary.place)}`
  return [...next, el('a', { class: 'button button--block', href: path }, t('done.place'))]
}
