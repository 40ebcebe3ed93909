/** @import { Widget, WidgetContext } from '../fill/types.js' */
import { el } from '../dom.js'
import { icon } from '../fill/icon.js'
import { t } from '../i18n/i18n.js'

export const isGroup = true

/**
 * All choices of a list in order of preference, moved by a button up and a button down, which a thumb hits more surely
 * than it drags. Untouched it is no answer; the button below takes the order as it stands.
 *
 * @param {WidgetContext} context
 * @returns {Widget}
 */
export function create({ form, node, changed, register }) {
  const rows = el('ol', { class: 'rank' })
  const keep = el('button', { type: 'button', class: 'button', onclick: () => put(order()) }, t('widget.rank_keep'))
  register(keep)
  const order = () => {
    const names = form.choices(node).map((choice) => choice.value)
    const ranked = node.value.split(' ').filter((name) => names.includes(name))
    return [...ranked, ...names.filter((name) => !ranked.includes(name))]
  }
  const put = (/** @type {string[]} */ names) => {
    changed(names.join(' '))
    update()
  }
  const move = (/** @type {number} */ from, /** @type {1|-1} */ by) => {
    const names = order()
    names.splice(from + by, 0, ...names.splice(from, 1))
    put(names)
    const buttons = [...rows.children[from + by].querySelectorAll('button')]
    // At either end one of the two is disabled and cannot hold the focus.
    ;(by < 0 ? buttons : buttons.reverse()).find((button) => !button.disabled)?.focus()
  }
  const update = () => {
    const labels = new Map(form.choices(node).map((choice) => [choice.value, choice.label || choice.value]))
    const names = order()
    rows.classList.toggle('rank--unset', !node.value)
    keep.hidden = node.value !== ''
    rows.replaceChildren(...names.map((name) => labels.get(name) ?? name).map((label, i) => el('li', { class: 'rank__row' },
      el('span', { class: 'rank__label' }, `${i + 1}. ${label}`),
      el('button', { type: 'button', class: 'button button--icon', disabled: i === 0, 'aria-label': t('widget.rank_up', { label }), onclick: () => move(i, -1) }, icon('up')),
      el('button', { type: 'button', class: 'button button--icon', disabled: i === names.length - 1, 'aria-label': t('widget.rank_down', { label }), onclick: () => move(i, 1) }, icon('down')))))
  }
  update()
  const focus = () => {
    const target = keep.hidden ? rows.querySelector('button:enabled') : keep
    if (target instanceof HTMLElement) target.focus()
  }
  return { element: el('div', {}, rows, keep), update, focus }
}
