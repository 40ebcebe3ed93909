/** @import { Widget, WidgetContext } from '../fill/types.js' */
import { el } from '../dom.js'

export const isGroup = true

/**
 * The answer as text, for a question that is read-only: a note, or a value that the form works out.
 *
 * @param {WidgetContext} context
 * @returns {Widget}
 */
export function create({ form, node }) {
  const element = el('output', { class: 'readonly' })
  const update = () => {
    element.textContent = form.display(node)
    element.hidden = element.textContent === ''
  }
  update()
  return { element, update, focus: () => {} }
}
