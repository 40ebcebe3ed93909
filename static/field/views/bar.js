/** The bar at the bottom: every part of the client within two taps, and above it the page's great button, under the thumb. */

import { el, icon } from '../dom.js'
import { t } from '../i18n/i18n.js'

/** @typedef {import('../application.js').App} App */

const TABS = [
  { name: 'home', path: '/app/', picture: 'home' },
  { name: 'doors', path: '/app/doors', picture: 'door' },
  { name: 'responses', path: '/app/responses', picture: 'list' },
  { name: 'settings', path: '/app/settings', picture: 'settings' },
]

/** @param {App} app @param {string} present name of the present tab @param {HTMLElement | null} [action] the great button */
export function barFor(app, present, action) {
  const unsent = app.state.outbox.length
  const links = TABS.map(({ name, path, picture }) =>
    el('a', { class: 'bar__link', href: path, 'aria-current': name === present ? 'page' : null },
      icon(picture),
      el('span', {}, t(`app.${name}`)),
      name === 'responses' && unsent > 0 && el('span', { class: 'bar__count' }, String(unsent))))
  const bar = el('nav', { class: 'bar' }, ...links)
  return action ? el('div', { class: 'dock' }, action, bar) : bar
}
