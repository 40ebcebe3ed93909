/** Settings of how the client looks and sounds: text size, colours, reading aloud. */

import { display, setDisplay, SIZES, THEMES } from '../display.js'
import { el } from '../dom.js'
import { t } from '../i18n/i18n.js'

/** The choices as they are now; each shows at once. @returns {HTMLElement[]} */
export function displayChoices() {
  const { size, theme, voice } = display()
  return [
    choices('size', SIZES, size, (wanted) => setDisplay({ size: wanted })),
    choices('theme', THEMES, theme, (wanted) => setDisplay({ theme: wanted })),
    el('div', {},
      el('label', { class: 'choice' },
        el('input', { type: 'checkbox', name: 'voice', checked: voice, 'aria-describedby': 'voice-why', onclick: (/** @type {Event} */ event) => setDisplay({ voice: /** @type {HTMLInputElement} */ (event.currentTarget).checked }) }),
        el('span', {}, t('settings.voice'))),
      el('p', { id: 'voice-why', class: 'soft small' }, t('settings.voice_why'))),
  ]
}

/**
 * @template {string | number} T
 * @param {'size' | 'theme'} name
 * @param {T[]} values
 * @param {T} chosen
 * @param {(value: T) => void} choose
 */
function choices(name, values, chosen, choose) {
  return el('fieldset', { class: `choices choices--${name}` }, el('legend', {}, t(`settings.${name}`)), ...values.map((value) =>
    el('label', { class: `choice choice--${name}`, 'data-value': value },
      el('input', { type: 'radio', name, value, checked: value === chosen, onclick: () => choose(value) }),
      el('span', {}, t(`settings.${name}_${value}`)))))
}
