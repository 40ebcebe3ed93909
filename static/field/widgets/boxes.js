import { normalised } from '../../engine/types.js'
import { el } from '../dom.js'
import { onEnter, onTyped } from './input.js'

/**
 * Gives the text's digits, of whatever script, as 0 to 9, and nothing else of it.
 *
 * @param {string} text
 * @returns {string}
 */
export function digits(text) {
  return normalised(text.replace(/\P{Nd}/gu, ''), 'int')
}

/**
 * @typedef {object} Box
 * @property {string} label
 * @property {number} length digits that fill the box
 * @property {number} [firstDigit] a first digit above this one fills the box alone: no month begins with 2 but February
 */

/**
 * Gives a row of small numeric boxes, such as year, month and day. A full box hands the cursor on, so that 1961-03-07
 * is eight digits and no other tap (A42); Backspace in an empty box goes back.
 *
 * @param {Box[]} boxes
 * @param {object} options
 * @param {(control: HTMLElement) => void} options.register
 * @param {(parts: string[]) => void} options.typed
 * @param {() => void} options.advance
 * @returns {{element: HTMLElement, read: () => string[], write: (parts: string[]) => void, focus: () => void, settle: (then: () => void) => void}}
 */
export function createBoxes(boxes, { register, typed, advance }) {
  const controls = boxes.map(({ length }) => el('input', { type: 'text', inputmode: 'numeric', autocomplete: 'off', enterkeyhint: 'next', maxlength: length, size: length, class: 'box__control' }))
  const element = el('div', { class: 'boxes' }, ...controls.map((control, i) => el('label', { class: `box box--${boxes[i].length}` }, control, el('span', { class: 'box__label' }, boxes[i].label))))
  const read = () => controls.map((control) => control.value)

  controls.forEach((control, i) => {
    register(control)
    onTyped(control, () => {
      const text = digits(control.value)
      if (text !== control.value) control.value = text
      typed(read())
      if (isFull(text, boxes[i]) && i + 1 < controls.length && document.activeElement === control) {
        controls[i + 1].focus()
        controls[i + 1].select()
      }
    })
    onEnter(control, () => (i + 1 < controls.length ? controls[i + 1].focus() : advance()))
    control.addEventListener('keydown', (event) => {
      if (event.key === 'Backspace' && control.value === '' && i > 0) controls[i - 1].focus()
    })
  })
  return {
    element,
    read,
    write: (parts) => controls.forEach((control, i) => { if (control.value !== (parts[i] ?? '')) control.value = parts[i] ?? '' }),
    focus: () => (controls.find((control) => control.value === '') ?? controls[0]).focus(),
    settle: (then) => element.addEventListener('focusout', (event) => { if (!element.contains(/** @type {Node|null} */ (event.relatedTarget))) then() }),
  }
}

/**
 * @param {string} text
 * @param {Box} box
 */
function isFull(text, { length, firstDigit = 9 }) {
  return text.length >= length || (text.length === 1 && Number(text) > firstDigit)
}
