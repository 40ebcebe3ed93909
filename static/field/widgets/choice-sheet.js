/** @import { WidgetContext } from '../fill/types.js' */
import { el } from '../dom.js'
import { icon } from '../fill/icon.js'
import { t } from '../i18n/i18n.js'
import * as many from './select_multiple.js'
import * as one from './select_one.js'

/**
 * Opens the sheet with the choices of a question that shows one line.
 *
 * @param {WidgetContext} context
 * @param {HTMLElement} button what was pressed; the focus comes back to it
 * @param {() => void} update called when something was chosen
 * @returns {() => void} closes it
 */
export function openChoiceSheet(context, button, update) {
  const { form, node } = context
  const isOne = node.def.control === 'select1'
  const close = () => dialog.close()
  const list = (isOne ? one : many).create({
    ...context,
    changed: (value) => {
      context.changed(value)
      update()
      // Taking the answer back leaves the sheet open for another.
      if (isOne && value) close()
    },
    register: () => {},
  })
  const title = form.text(node, 'label') || node.name
  const dialog = el('dialog', { class: 'sheet sheet--low', 'aria-label': title },
    el('div', { class: 'sheet__head' },
      el('h2', { tabindex: -1, autofocus: true }, title),
      el('button', { type: 'button', class: 'button button--quiet button--icon', 'aria-label': t('fill.close'), onclick: close }, icon('close'))),
    list.element,
    !isOne && el('button', { type: 'button', class: 'button button--primary button--block', onclick: close }, t('widget.done')))
  dialog.addEventListener('close', () => {
    list.destroy?.()
    dialog.remove()
    button.setAttribute('aria-expanded', 'false')
    button.focus()
  })
  button.after(dialog)
  dialog.showModal()
  return close
}
