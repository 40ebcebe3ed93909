/** Notices that few phones ever show: a new version, storage that the browser may clear (A07) or that runs short (A08), a wrong clock (A15). */

import { el, icon } from '../dom.js'
import { t } from '../i18n/i18n.js'
import { bytesText } from './amounts.js'
import { laterWords } from './later-words.js'
import { isLoose } from './notices.js'

/** @typedef {import('../application.js').App} App */

const MINUTE_MS = 60 * 1000
const CLOCK_OFF_MS = 15 * MINUTE_MS
const LEAST_BYTES = 50e6
const LEAST_PART = 0.05

/** Keeps an eye on the storage, and gives what draws the notices that apply now. @param {App} app */
export async function openStanding(app) {
  await laterWords()
  let room = await lookForRoom()
  setInterval(async () => {
    room = await lookForRoom()
    app.refresh()
  }, MINUTE_MS)
  return () => {
    const { clockOff } = app.sender
    return [
      ...(app.worker.hasUpdate ? [updateNotice(app)] : []),
      ...(isLoose() && app.state.outbox.length > 0 ? [persistNotice(app)] : []),
      ...(room === null ? [] : [notice('room', t('sending.room', { size: bytesText(room) }))]),
      ...(Math.abs(clockOff) > CLOCK_OFF_MS ? [notice('clock', t('sending.clock', { amount: span(Math.abs(clockOff)) }))] : []),
    ]
  }
}

/** Bytes that responses may still take, null where they are enough or the browser does not tell. */
async function lookForRoom() {
  const { quota = Infinity, usage = 0 } = (await navigator.storage?.estimate?.().catch(() => null)) ?? {}
  const room = quota - usage
  // A twentieth of a large phone is plenty.
  return room < LEAST_BYTES || room < Math.min(quota * LEAST_PART, 10 * LEAST_BYTES) ? room : null
}

/** @param {string} name @param {string} text */
function notice(name, text) {
  return el('section', { class: 'notice notice--warning', 'data-notice': name }, icon('alert'), el('p', { class: 'notice__text' }, text))
}

/** A stretch of time in words, in the unit that fits. @param {number} ms */
function span(ms) {
  const minutes = Math.round(ms / MINUTE_MS)
  if (minutes < 120) return t('sending.minutes', { count: minutes })
  const hours = Math.round(minutes / 60)
  return hours < 48 ? t('sending.hours', { count: hours }) : t('sending.days', { count: Math.round(hours / 24) })
}

/** @param {App} app */
function updateNotice(app) {
  return el('section', { class: 'notice' },
    icon('alert'),
    el('p', { class: 'notice__text' }, t('notice.update')),
    el('button', { class: 'button button--quiet button--small', type: 'button', onclick: () => app.worker.update() }, t('notice.update_now')))
}

/** @param {App} app */
function persistNotice(app) {
  const save = async () => (await import('../unsent-file.js')).downloadUnsent(app.database)
  return el('section', { class: 'notice notice--warning', 'data-notice': 'persist' },
    icon('alert'),
    el('div', { class: 'notice__text' },
      el('p', {}, t('notice.persist', { count: app.state.outbox.length })),
      el('button', { class: 'button button--small', type: 'button', onclick: save }, t('notice.save_file'))))
}
