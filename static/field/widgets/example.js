/** @import { Widget, WidgetContext } from '../fill/types.js' */
import { el } from '../dom.js'

/**
 * A widget to copy: yes or no as one switch. To add a kind of question, copy this file, write the widget, name it in
 * `registry.js`, and add its test to `tests/browser/fill/`.
 *
 * What holds for each widget:
 * - `changed` is given the lexical value of docs/form-model.md, `''` for no answer;
 * - each control goes through `register`, which ties it to the label, the hint and the error;
 * - `update` is called when the form changed the node from elsewhere, never for the widget's own `changed`;
 * - words on the screen come from `t('widget.…')`, in both languages, in `../i18n/fill-zh.js` and `fill-en.js`; those of
 *   what few forms need in `capture-zh.js` and `capture-en.js`, whose widgets are named in `capture.js`.
 *
 * @param {WidgetContext} context
 * @returns {Widget}
 */
export function create({ node, changed, register }) {
  const control = el('input', { type: 'checkbox', role: 'switch', class: 'option__control' })
  register(control)
  control.addEventListener('change', () => changed(control.checked ? 'true' : 'false'))
  const update = () => { control.checked = node.value === 'true' }
  update()
  return { element: control, update, focus: () => control.focus() }
}
