/** @import { Form, FormNode, Widget, WidgetContext } from '../fill/types.js' */
import { el } from '../dom.js'
import { icon } from '../fill/icon.js'
import { t } from '../i18n/i18n.js'
import { withLater } from '../style.js'

/** More choices than this are searched, even where the form asks for the phone's own picker: that one has no search. */
const PICKER_LIMIT = 60

/**
 * Choices that take one line until they are wanted: the appearance `minimal`. A short list is the phone's own picker, a
 * longer one, or one of which several may be chosen, a sheet with a search box.
 *
 * @param {WidgetContext} context
 * @returns {Widget}
 */
export function create(context) {
  return isPicker(context.form, context.node) ? createPicker(context) : createSheet(context)
}

/**
 * A cascade's list is short only once the level above it is chosen: the length of the whole list counts.
 *
 * @param {Form} form
 * @param {FormNode} node
 */
function isPicker(form, node) {
  if (node.def.control !== 'select1' || node.def.appearance?.includes('autocomplete')) return false
  const id = /instance\('([^']+)'\)/.exec(node.def.itemset?.nodeset ?? '')?.[1]
  const list = id === undefined ? undefined : form.model.lists[id]
  const count = list ? list.rows?.length ?? Infinity : form.choices(node).length
  return count <= PICKER_LIMIT && !form.choices(node).some(({ media = {} }) => Object.values(media).some(Boolean))
}

/**
 * @param {WidgetContext} context
 * @returns {Widget}
 */
function createPicker({ form, node, changed, register, advance }) {
  const control = el('select', { class: 'input' })
  register(control)
  control.addEventListener('change', () => {
    changed(control.value)
    if (control.value && /\bquick/.test(node.def.appearance ?? '')) advance()
  })
  const update = () => {
    const choices = form.choices(node).map(({ value, label }) => el('option', { value }, label || value))
    control.replaceChildren(el('option', { value: '' }, t('widget.choose')), ...choices)
    control.value = node.value
  }
  update()
  return { element: control, update, focus: () => control.focus() }
}

/**
 * @param {WidgetContext} context
 * @returns {Widget}
 */
function createSheet(context) {
  const { form, node } = context
  const words = el('span', { class: 'picker__words' })
  const button = el('button', { type: 'button', class: 'input picker', role: 'combobox', 'aria-haspopup': 'dialog', 'aria-expanded': 'false', onclick: () => open() }, words, icon('down'))
  context.register(button)
  const update = () => {
    words.textContent = form.display(node) || t('widget.choose')
    button.classList.toggle('picker--unset', !node.value)
  }

  const expand = (/** @type {boolean} */ isOpen) => button.setAttribute('aria-expanded', String(isOpen))
  let close = () => {}
  const open = async () => {
    if (button.ariaExpanded === 'true') return
    expand(true)
    try {
      const { openChoiceSheet } = await withLater(import('./choice-sheet.js'))
      if (button.isConnected) close = openChoiceSheet(context, button, update)
    } catch {
      expand(false)
    }
  }
  update()
  return { element: el('div', {}, button), update, focus: () => button.focus(), destroy: () => close() }
}
