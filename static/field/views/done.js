/** After Finish: where the response is now, and the next one a tap away. */

import { el, icon, showChildren } from '../dom.js'
import { t } from '../i18n/i18n.js'
import { startDraft } from '../start.js'
import { formTitle, placeAndName } from './cards.js'

/** @typedef {import('../application.js').App} App */
/** @typedef {import('../store/types.js').Summary} Summary */

/** @param {App} app @param {string} hash @returns {import('../router.js').View} */
export function openDone(app, hash) {
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
    el('div', { class: `done__state ${sent ? 'done__state--safe' : ''}`, role: 'status', 'data-state': sent ? 'safe' : 'kept' }, ...state(app, hash, sent?.status)),
    el('p', { class: 'soft done__what' }, [formTitle(app, summary.form, summary.title), ...placeAndName(app, summary)].filter(Boolean).join(' · ')),
    el('div', { class: 'done__buttons' }, ...buttons(app, summary)),
  ]
}

/** @param {App} app @param {string} hash @param {string} [receipt] status of the receipt @returns {HTMLElement[]} */
function state(app, hash, receipt) {
  const isSending = app.sender.state.phase === 'sending' && app.sender.state.sending.includes(hash)
  const badge = el('span', { class: 'done__badge' }, icon(receipt ? 'check' : isSending ? 'up' : 'check'))
  if (receipt === 'quarantined') return [badge, el('h1', {}, t('done.aside'))]
  if (receipt) return [badge, el('h1', {}, t('done.safe')), el('p', { class: 'soft' }, t('done.safe_why'))]
  return [badge, el('h1', {}, t('done.kept')), el('p', { class: 'soft' }, t(isSending ? 'done.sending' : app.state.device?.state === 'refused' ? 'safe.refused_why' : 'done.kept_why'))]
}

/** @param {App} app @param {Summary} summary @returns {HTMLElement[]} */
function buttons(app, summary) {
  const form = app.state.world.forms.find((candidate) => candidate.id === summary.form)
  const next = form && form.model in app.state.models
    ? [el('button', { class: 'button button--primary button--large button--block', type: 'button', 'data-action': 'next', onclick: () => startDraft(app, form, summary.place, { replace: true }) }, t('done.next'))]
    : []
  const path = `/app/place/${summary.place === null ? '-' : encodeURIComponent(summary.place)}`
  return [...next, el('a', { class: 'button button--block', href: path }, t('done.place'))]
}
