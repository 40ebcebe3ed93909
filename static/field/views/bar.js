/** The bar at the bottom: every part of the client within two taps. */

import { el, icon } from '../dom.js'
import { t } from '../i18n/i18n.js'

/** @typedef {import('../application.js').App} App */

const TABS = [
  { name: 'home', path: '/app/', picture: 'home' },
  { name: 'responses', path: '/app/responses', picture: 'list' },
  { name: 'settings', path: '/app/settings', picture: 'settings' },
]

/** @param {App} app @param {string} present name of the present tab */
export function barFor(app, present) {
  const unsent = app.state.outbox.length
  const links = TABS.map(({ name, path, picture }) =>
    el('a', { class: 'bar__link', href: path, 'aria-current': name === present ? 'page' : null },
      icon(picture),
      el('span', {}, t(`app.${name}`)),
      name === 'responses' && unsent > 0 && el('span', { class: 'bar__count' }, String(unsent))))
  return el('nav', { class: 'bar' }, ...links)
}
