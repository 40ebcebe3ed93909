/** @import { Widget, WidgetContext } from '../fill/types.js' */
import { el } from '../dom.js'
import { t } from '../fill/later-t.js'

export const isGroup = true

/**
 * An acknowledgement: one checkbox, whose value is `OK` as ODK Collect writes it.
 *
 * @param {WidgetContext} context
 * @returns {Widget}
 */
export function create({ node, changed, register }) {
  const control = el('input', { type: 'checkbox', class: 'option__control' })
  register(control)
  control.addEventListener('change', () => changed(control.checked ? 'OK' : ''))
  const update = () => { control.checked = node.value !== '' }
  update()
  const element = el('label', { class: 'option' }, control, el('span', { class: 'option__label' }, t('widget.acknowledge')))
  return { element, update, focus: () => control.focus() }
}
