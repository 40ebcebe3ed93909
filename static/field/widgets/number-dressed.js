/** @import { Widget, WidgetContext } from '../fill/types.js' */
import { el } from '../dom.js'
import { loadChoiceLook } from './choices.js'
import { hasAppearance, namesNegative } from './input.js'
import { create as createPlain } from './number.js'

const NUMBER = /^(-?)(\d+)(\.\d+)?$/

/**
 * A number with a button that changes its sign, since the number pad of an iPhone, and of many an Android phone, has no minus, or one whose thousands are set
 * apart (`thousands-sep`) while nobody types in it: a comma that is typed may be a decimal's.
 *
 * The button is there where the constraint names a number below zero; on an iPhone unless it begins at one that is not, as in `. >= 0`.
 *
 * @param {WidgetContext} context
 * @returns {Widget}
 */
export function create(context) {
  const { node } = context
  const plain = createPlain(context)
  const control = /** @type {HTMLInputElement} */ (plain.element)
  const isGrouped = hasAppearance(node, 'thousands-sep')
  const show = () => {
    const isTyping = document.activeElement === control
    control.value = isGrouped && !isTyping ? grouped(node.value) : node.value
  }
  control.addEventListener('focus', show)
  control.addEventListener('blur', show)
  show()
  return { element: canBeNegative(node.def.constraint) ? withSign(context, control, show) : control, update: show, focus: plain.focus }
}

/** @param {string} [constraint] */
function canBeNegative(constraint = '') {
  return namesNegative(constraint) || (/iP(?:hone|od)/.test(navigator.userAgent) && !/(?:^|and|\()\s*\.\s*>=?\s*\d/.test(constraint))
}

/**
 * @param {WidgetContext} context
 * @param {HTMLInputElement} control
 * @param {() => void} show
 */
function withSign({ node, changed }, control, show) {
  loadChoiceLook()
  const button = el('button', { type: 'button', class: 'button number__sign', 'aria-label': '+ −', onclick: () => {
    const { value } = node
    changed(value.startsWith('-') ? value.slice(1) : `-${value}`)
    control.focus()
    show()
  } }, '±')
  return el('div', { class: 'number' }, control, button)
}

/**
 * Gives the number with its thousands set apart; what is no number as it is.
 *
 * @param {string} value
 * @returns {string}
 */
export function grouped(value) {
  const [, sign, whole, rest = ''] = NUMBER.exec(value) ?? []
  return whole === undefined ? value : `${sign}${whole.replace(/\B(?=(?:\d{3})+$)/g, ',')}${rest}`
}
