/** @import { Widget, WidgetContext } from '../fill/types.js' */
import { el } from '../dom.js'
import { typedWidget } from './input.js'

/**
 * Integer or decimal, typed on the numeric keypad. It is a text input on purpose: a number input gives an empty value
 * for what it cannot read, and the volunteer would see a number that is never stored (A36). The engine reads the text.
 *
 * @param {WidgetContext} context
 * @returns {Widget}
 */
export function create(context) {
  const inputmode = context.node.def.type === 'int' ? 'numeric' : 'decimal'
  return typedWidget(context, el('input', { class: 'input input--number', type: 'text', inputmode }))
}
