/** A form that asks for PINs, for the lock page and the settings. */

import { el } from '../dom.js'
import { t } from '../i18n/i18n.js'
import { readVault, SHORTEST } from '../vault/pin.js'

/** @typedef {import('../store/database.js').Database} Database */
/** @typedef {'pin' | 'old' | 'new' | 'again'} Field */

/**
 * The form. What is typed is checked here as far as it can be; `submit` gives the key of what is wrong, '' for nothing.
 * @param {object} parts
 * @param {Field[]} parts.fields
 * @param {string} parts.button key
 * @param {(values: Record<string, string>) => Promise<string>} parts.submit
 * @param {boolean} [parts.isDanger]
 */
export function pinForm({ fields, button, submit, isDanger }) {
  const inputs = fields.map((field) => el('input', { class: 'search pin__input', type: 'password', inputmode: 'numeric', autocomplete: 'off', name: field, enterkeyhint: 'done' }))
  const message = el('p', { class: 'pin__message', role: 'alert' })
  const press = el('button', { class: `button ${isDanger ? 'button--danger' : 'button--primary'} button--large button--block`, type: 'submit' }, t(button))
  const letters = el('input', { type: 'checkbox', onchange: () => inputs.forEach((input) => { input.inputMode = letters.checked ? 'text' : 'numeric' }) })
  const work = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault()
    const values = Object.fromEntries(inputs.map((input) => [input.name, input.value]))
    press.disabled = true
    message.textContent = t('pin.busy')
    const wrong = complaint(values) || (await submit(values).catch(() => 'pin.failed'))
    press.disabled = false
    message.textContent = wrong && (wrong.startsWith('pin.') ? t(wrong) : wrong)
    if (wrong) inputs.forEach((input) => { input.value = '' })
    inputs[0].focus()
  }
  return el('form', { class: 'stack pin', onsubmit: work },
    ...inputs.map((input, index) => el('label', { class: 'stack' }, t(`pin.${fields[index]}`), input)),
    el('label', { class: 'choice' }, letters, el('span', {}, t('pin.letters'))),
    message,
    press)
}

/** What is wrong with the values before they are tried, as a key. @param {Record<string, string>} values */
function complaint(values) {
  if (values.new === undefined) return ''
  if ([...values.new].length < SHORTEST) return 'pin.short'
  return values.new === values.again ? '' : 'pin.differ'
}

/** What to say after a PIN that did not open. @param {Database} database @param {string} user */
export async function refusal(database, user) {
  const pause = ((await readVault(database, user))?.wait_until ?? 0) - Date.now()
  return pause > 0 ? t('pin.wait', { count: Math.ceil(pause / 1000) }) : 'pin.wrong'
}
