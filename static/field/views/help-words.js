/** The words and looks of help, practice, putting the app on the home screen, and settings. */

import { el, icon } from '../dom.js'
import { t } from '../i18n/i18n.js'
import { wordsOnce } from './later-words.js'

/** Fetches them, once. */
export const fetchHelp = wordsOnce(async (code) => (await (code === 'en' ? import('../i18n/help-en.js') : import('../i18n/help-zh.js'))).help)

/** The head of a page: the way back, and what it is about. @param {string} back address @param {string} title */
export function helpHead(back, title) {
  return el('header', { class: 'head help__head' },
    el('a', { class: 'button button--quiet button--icon', href: back, 'aria-label': t('app.back') }, icon('back')),
    el('h1', { class: 'head__title' }, title))
}

/** A row that leads to another page. @param {{href: string, picture: Element, title: string, note?: string}} row */
export function linkRow({ href, picture, title, note }) {
  return el('a', { class: 'row row--link', href },
    picture,
    el('span', { class: 'row__main' },
      el('span', { class: 'row__title' }, title),
      note && el('span', { class: 'row__note' }, note)),
    icon('next'))
}
