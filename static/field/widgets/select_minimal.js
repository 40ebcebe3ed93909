/** @import { Widget, WidgetContext } from '../fill/types.js' */
import { el } from '../dom.js'
import { t } from '../i18n/i18n.js'

/**
 * One choice of a short list behind the phone's own picker: the appearance `minimal`.
 *
 * @param {WidgetContext} context
 * @returns {Widget}
 */
export function create({ form, node, changed, register }) {
  const control = el('select', { class: 'input' })
  register(control)
  control.addEventListener('change', () => changed(control.value))
  const update = () => {
    const choices = form.choices(node).map(({ value, label }) => el('option', { value }, label || value))
    control.replaceChildren(el('option', { value: '' }, t('widget.choose')), ...choices)
    control.value = node.value
  }
  update()
  return { element: control, update, focus: () => control.focus() }
}
