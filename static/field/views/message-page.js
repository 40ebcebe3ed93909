/** The page that is shown where a form cannot be. */

import { el, icon } from '../dom.js'
import { t } from '../i18n/i18n.js'
import { laterWords } from './later-words.js'

/**
 * A page with a message in the form's place.
 * @param {string} title key
 * @param {string} text key, '' for none
 * @param {() => void} [openHere] what the second button does; none: no such button
 * @returns {Promise<import('../router.js').View>}
 */
export async function messagePage(title, text, openHere) {
  await laterWords()
  const element = el('main', { class: 'trouble' },
    icon('alert'),
    el('h1', {}, t(title)),
    text && el('p', { class: 'soft' }, t(text)),
    el('a', { class: 'button button--primary', href: '/app/' }, t('app.start_page')),
    openHere && el('button', { class: 'button', type: 'button', onclick: openHere }, t('fillview.open_here')))
  return { element }
}
