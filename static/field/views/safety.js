/** The honest line: what is safe at the server, and what this phone still holds. */

import { el, icon } from '../dom.js'
import { t } from '../i18n/i18n.js'

/** @typedef {import('../application.js').App} App */

/**
 * What the line says. Pure.
 * @param {{unsent: number, sent: number, phase: string, done: number, total: number, isRefused: boolean, isHeld?: boolean}} facts `isHeld`: all that is left are photos, which wait for Wi-Fi
 * @returns {{key: string, params: Record<string, number>, tone: 'success' | 'warning' | 'info', picture: string}}
 */
export function safetyLine({ unsent, sent, phase, done, total, isRefused, isHeld }) {
  const params = { count: unsent }
  if (isRefused) return { key: unsent > 0 ? 'safe.refused' : 'safe.refused_none', params, tone: 'warning', picture: 'alert' }
  if (unsent === 0) return { key: sent > 0 ? 'safe.all' : 'safe.none', params: { count: sent }, tone: 'success', picture: 'check' }
  if (phase === 'sending') return { key: 'safe.sending', params: { done: Math.min(done + 1, total), total }, tone: 'info', picture: 'up' }
  if (phase === 'no_signal') return { key: 'safe.no_signal', params, tone: 'warning', picture: 'no_signal' }
  if (phase === 'server_trouble') return { key: 'safe.server_trouble', params, tone: 'warning', picture: 'alert' }
  if (phase === 'portal') return { key: 'safe.portal', params, tone: 'warning', picture: 'no_signal' }
  if (isHeld) return { key: 'safe.held', params, tone: 'info', picture: 'clock' }
  return { key: 'safe.waiting', params, tone: 'warning', picture: 'clock' }
}

/** The line as a strip, with a button where sending may be tried. @param {App} app */
export function safetyStrip(app) {
  const { outbox, sent, device } = app.state
  const { phase, done, total } = app.sender.state
  const isHeld = app.sender.state.isHeld && outbox.every(({ status }) => status === 'sent')
  const isRefused = device?.state === 'refused'
  const line = safetyLine({ unsent: outbox.length, sent: sent.length, phase, done, total, isRefused, isHeld })
  const isTryable = outbox.length > 0 && phase !== 'sending' && !isRefused
  return el('section', { class: `notice notice--${line.tone} safety`, 'data-safety': line.key },
    icon(line.picture),
    el('div', { class: 'safety__words' },
      el('p', { class: 'safety__line', role: 'status' }, t(line.key, line.params)),
      isRefused && el('p', { class: 'small' }, t('safe.refused_why'))),
    line.key === 'safe.portal' && el('a', { class: 'button button--quiet button--small', href: portal(), target: '_blank', rel: 'noopener' }, t('safe.portal_open')),
    isTryable && el('button', { class: 'button button--quiet button--small', type: 'button', onclick: () => app.sender.send({ isInsistent: true, sendsFiles: isHeld }) }, t(isHeld ? 'safe.files_now' : 'safe.send_now')))
}

/** An address in whose place a network shows its sign-in: without encryption, which it could not answer for, and none that the service worker keeps. */
function portal() {
  return location.protocol === 'https:' ? `http://${location.hostname}/` : '/'
}
