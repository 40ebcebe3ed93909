/** @import { FormNode, Widget, WidgetContext } from '../fill/types.js' */

/**
 * Calls `put` with what was typed, after each input event, but never while an input method is composing: the letters
 * of a half-written character are no answer (A54).
 *
 * @param {HTMLInputElement|HTMLTextAreaElement} control
 * @param {(text: string) => void} put
 */
export function onTyped(control, put) {
  let isComposing = false
  control.addEventListener('compositionstart', () => { isComposing = true })
  control.addEventListener('compositionend', () => {
    isComposing = false
    put(control.value)
  })
  control.addEventListener('input', () => { if (!isComposing) put(control.value) })
}

/**
 * Calls `go` when Enter is pressed, but not the Enter that confirms a composition. Some input methods report that one
 * with key code 229 only.
 *
 * @param {HTMLElement} control
 * @param {() => void} go
 */
export function onEnter(control, go) {
  control.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.isComposing || event.keyCode === 229) return
    event.preventDefault()
    go()
  })
}

/**
 * Gives the widget of one typed control. While it has the focus its text is the volunteer's: the form's own
 * spelling of the value (2,5 becomes 2.5) shows once the control is left.
 *
 * @param {WidgetContext} context
 * @param {HTMLInputElement|HTMLTextAreaElement} control
 * @returns {Widget}
 */
export function typedWidget({ node, changed, register, advance }, control) {
  register(control)
  control.autocomplete = 'off'
  control.value = node.value
  onTyped(control, changed)
  control.addEventListener('change', () => { control.value = node.value })
  if (control.tagName === 'INPUT') {
    control.enterKeyHint = 'next'
    onEnter(control, advance)
  }
  return {
    element: control,
    update: () => { if (control.value !== node.value) control.value = node.value },
    focus: () => control.focus(),
  }
}

/**
 * Tells whether the constraint names a number below zero, as in `. >= -40`.
 *
 * @param {string} [constraint]
 * @returns {boolean}
 */
export function namesNegative(constraint = '') {
  return /[<>]=?\s*-\s*\d/.test(constraint)
}

/**
 * Tells whether the question's appearance has this word.
 *
 * @param {FormNode} node
 * @param {string} word
 * @returns {boolean}
 */
export function hasAppearance(node, word) {
  return (node.def.appearance ?? '').split(' ').includes(word)
}
