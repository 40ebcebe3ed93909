/** @import { Widget, WidgetContext } from '../fill/types.js' */
import { el } from '../dom.js'
import { t } from '../i18n/i18n.js'
import { create as createNumber } from './number.js'

/**
 * A number that is counted: the typed field between a button for one less and one for one more.
 *
 * @param {WidgetContext} context
 * @returns {Widget}
 */
export function create(context) {
  const { node, changed } = context
  const widget = createNumber(context)
  const count = (/** @type {1|-1} */ by) => el('button', { type: 'button', class: 'button counter__button', 'aria-label': t(by > 0 ? 'widget.more_by' : 'widget.less_by', { step: 1 }), onclick: () => {
    const number = Number(node.value)
    if (Number.isNaN(number)) return
    changed(String(number + by))
    widget.update()
  } }, by > 0 ? '+' : '−')
  return { ...widget, element: el('div', { class: 'counter' }, count(-1), widget.element, count(1)) }
}
