/** Help: what to do when something is wrong, one screen each, with the one button that helps. */

import { el, showChildren } from '../dom.js'
import { t } from '../i18n/i18n.js'
import { picture } from '../pictures.js'
import { fetchHelp, helpHead, linkRow } from './help-words.js'

/** @typedef {import('../application.js').App} App */

/** The topics by the last part of their address: picture, and where the button leads. @type {Record<string, {picture: string, action: string}>} */
const TOPICS = {
  no_signal: { picture: 'no_signal', action: '/app/responses' },
  full_phone: { picture: 'full', action: '/app/responses' },
  lost_phone: { picture: 'lost', action: '/app/settings/pin' },
  changed_phone: { picture: 'phone', action: '/app/responses' },
  forgotten_pin: { picture: 'lock', action: '/app/settings/pin' },
}

/** @param {App} _app @param {string} topic one of the topics; anything else: the list of them @returns {Promise<import('../router.js').View>} */
export async function openHelp(_app, topic) {
  await fetchHelp()
  const element = el('main', { class: 'page help' })
  const update = () => showChildren(element, topic in TOPICS ? topicPage(topic) : listPage())
  update()
  return { element, tab: 'settings', update }
}

/** @returns {HTMLElement[]} */
function listPage() {
  return [
    helpHead('/app/', t('help.title')),
    section('help.trouble', Object.entries(TOPICS).map(([topic, about]) =>
      linkRow({ href: `/app/help/${topic}`, picture: picture(about.picture), title: t(`help.${topic}`) }))),
    section('help.more', [
      linkRow({ href: '/app/practice', picture: picture('practice'), title: t('practice.title'), note: t('practice.row_note') }),
      linkRow({ href: '/app/install', picture: picture('install'), title: t('install.title'), note: t('install.row_note') }),
    ]),
  ]
}

/** @param {string} key @param {HTMLElement[]} rows */
function section(key, rows) {
  return el('section', { class: 'stack' }, el('h2', { class: 'group' }, t(key)), el('div', { class: 'rows' }, ...rows))
}

/** @param {string} topic @returns {HTMLElement[]} */
function topicPage(topic) {
  const { picture: name, action } = TOPICS[topic]
  return [
    helpHead('/app/help', t(`help.${topic}`)),
    el('div', { class: 'help__lead' }, el('span', { class: 'badge' }, picture(name)), el('p', {}, t(`help.${topic}_lead`))),
    el('ul', { class: 'help__steps' }, ...t(`help.${topic}_steps`).split('\n').map((step) => el('li', {}, step))),
    el('div', { class: 'page__end' }, el('a', { class: 'button button--primary button--large button--block', href: action }, t(`help.${topic}_action`))),
  ]
}
