/** @import { Widget, WidgetContext } from '../fill/types.js' */
import { el } from '../dom.js'
import { hasAppearance, typedWidget } from './input.js'

/**
 * Text of one line, or of many with the appearance `multiline`. The appearance `numbers` brings up the numeric keypad
 * and stays text, so that leading zeros are kept (A38). Also the fallback for a type that no widget knows.
 *
 * @param {WidgetContext} context
 * @returns {Widget}
 */
export function create(context) {
  const { node } = context
  if (hasAppearance(node, 'multiline')) return typedWidget(context, el('textarea', { class: 'input', rows: 3 }))
  const inputmode = hasAppearance(node, 'numbers') ? 'numeric' : hasAppearance(node, 'url') ? 'url' : 'text'
  return typedWidget(context, el('input', { class: 'input', type: 'text', inputmode }))
}
