/** Settings of sending: whether photos wait for Wi-Fi, and what sending has cost. */

import { el } from '../dom.js'
import { language, t } from '../i18n/i18n.js'
import { connectionKind, noteTraffic, readWifiOnly, saveWifiOnly } from '../sync/traffic.js'
import { bytesText } from './amounts.js'
import { laterWords } from './later-words.js'

/** @typedef {import('../application.js').App} App */

/** Gives the function that draws the card as things are now. @param {App} app @returns {Promise<() => HTMLElement>} */
export async function openSendingSettings(app) {
  await laterWords()
  const traffic = await noteTraffic(app.database)
  let isChosen = await readWifiOnly(app.database)
  const choose = async (/** @type {Event} */ event) => {
    isChosen = /** @type {HTMLInputElement} */ (event.currentTarget).checked
    await saveWifiOnly(app.database, isChosen)
    app.sender.send()
    await app.changed()
  }
  const sendFiles = () => app.sender.send({ isInsistent: true, sendsFiles: true })
  return () => el('section', { class: 'stack', 'data-card': 'sending' },
    el('label', { class: 'choice' },
      el('input', { type: 'checkbox', name: 'wifi-only', checked: isChosen, onclick: choose }),
      el('span', {}, t('sending.wifi_only'))),
    el('p', { class: 'soft small' }, t('sending.wifi_only_why'), language() === 'zh' ? '' : ' ', isChosen && t(`sending.kind_${connectionKind()}`)),
    isChosen && app.sender.state.isHeld && el('button', { class: 'button', type: 'button', 'data-action': 'send-files', onclick: sendFiles }, t('safe.files_now')),
    el('p', { class: 'soft small', 'data-traffic': 'month' }, t('sending.used_month', words(traffic.ofMonth))),
    el('p', { class: 'soft small', 'data-traffic': 'all' }, t('sending.used_all', { at: day(traffic.since), ...words(traffic.all) })))
}

/** @param {[number, number]} bytes */
function words([answers, files]) {
  return { answers: bytesText(answers), files: bytesText(files) }
}

/** @param {number} ms */
function day(ms) {
  return new Intl.DateTimeFormat(language() === 'zh' ? 'zh-CN' : 'en-GB', { dateStyle: 'medium' }).format(ms)
}
