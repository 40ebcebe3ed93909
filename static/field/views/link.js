/** Pasting the link to sign in: where the camera's app opens another browser than this one, as on an iPhone's home screen. */

import { el } from '../dom.js'
import { t } from '../i18n/i18n.js'
import { fetchHelp, helpHead } from './help-words.js'

/** @typedef {import('../application.js').App} App */

/** @param {App} app @returns {Promise<import('../router.js').View>} */
export async function openLink(app) {
  await fetchHelp()
  const error = el('p', { id: 'link-error', class: 'link__error', role: 'alert' })
  const field = el('input', { id: 'link', type: 'url', autocomplete: 'off', autocapitalize: 'none', enterkeyhint: 'go', 'aria-describedby': 'link-error' })
  const go = async (/** @type {Event} */ event) => {
    event.preventDefault()
    const token = tokenIn(field.value)
    field.setAttribute('aria-invalid', String(token === ''))
    error.textContent = token ? '' : t('link.wrong')
    if (!token) return field.focus()
    const { openJoin } = await import('./join.js')
    app.router.replaceView(openJoin(app, token))
  }
  return { element: el('main', { class: 'page' },
    helpHead('/app/', t('link.title')),
    el('p', {}, t('link.why')),
    el('form', { class: 'stack', novalidate: true, onsubmit: go },
      el('label', { for: 'link' }, t('link.label')), field, error,
      el('button', { class: 'button button--primary button--large button--block', type: 'submit' }, t('link.go')))) }
}

/** The token of a link to sign in, '' where there is none. @param {string} text */
export function tokenIn(text) {
  return /\/join\/([\w-]+)/.exec(text)?.[1] ?? ''
}
