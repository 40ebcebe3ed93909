/** Pages for a phone on which the client cannot work (A19), and for a view that does not open. */

import { el, icon } from './dom.js'
import { addWords, t } from './i18n/i18n.js'

/**
 * The page that says what is the matter.
 * @param {'insecure' | 'storage' | 'blocked' | 'view'} kind
 */
export function troublePage(kind) {
  return el('main', { class: 'trouble' },
    icon('alert'),
    el('h1', {}, t(`trouble.${kind}`)),
    el('p', { class: 'soft' }, t(`trouble.${kind}_why`)),
    kind === 'view' && el('a', { class: 'button button--primary', href: '/app/' }, t('app.start_page')))
}

/** @param {HTMLElement} root @param {'insecure' | 'storage' | 'blocked'} kind */
export async function showTrouble(root, kind) {
  await addWords(async (code) => (await (code === 'en' ? import('./i18n/trouble-en.js') : import('./i18n/trouble-zh.js'))).trouble)
  root.replaceChildren(troublePage(kind))
}
