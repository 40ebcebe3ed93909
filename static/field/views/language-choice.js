/** The choice of the client's language. */

import { el } from '../dom.js'
import { language, LANGUAGES, t } from '../i18n/i18n.js'

/** Buttons that switch the client's language; a tap on the present one is a choice too. @param {{switchLanguage: (code: string) => Promise<void>}} app */
export function languageChoice(app) {
  const options = Object.entries(LANGUAGES).map(([code, name]) =>
    el('label', { class: 'choice' },
      el('input', { type: 'radio', name: 'language', value: code, checked: code === language(), onclick: () => app.switchLanguage(code) }),
      el('span', { lang: code }, name)))
  return el('fieldset', { class: 'card choices' }, el('legend', { class: 'card__title' }, t('settings.language')), ...options)
}
