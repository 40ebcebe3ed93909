/** @import { Widget, WidgetContext } from '../fill/types.js' */
import { el } from '../dom.js'
import { icon } from '../fill/icon.js'
import { t } from '../fill/later-t.js'

export const isGroup = true

/**
 * All choices of a list in order of preference: dragged by the handle, or moved by a button up and a button down, which a
 * thumb hits more surely. Untouched it is no answer; the button below takes the order as it stands.
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
    const choices = new Map(form.choices(node).map((choice) => [choice.value, choice]))
    const names = order()
    rows.classList.toggle('rank--unset', !node.value)
    keep.hidden = node.value !== ''
    rows.replaceChildren(...names.map((name, i) => {
      const { label = name, marked = '' } = choices.get(name) ?? {}
      const words = el('span', {}, label)
      if (marked) form.marks?.show(words, marked)
      return el('li', { class: 'rank__row', 'data-name': name },
        el('span', { class: 'rank__handle', 'aria-hidden': 'true' }, '⠿'),
        el('span', { class: 'rank__label' }, `${i + 1}. `, words),
        el('button', { type: 'button', class: 'button button--icon', disabled: i === 0, 'aria-label': t('widget.rank_up', { label }), onclick: () => move(i, -1) }, icon('up')),
        el('button', { type: 'button', class: 'button button--icon', disabled: i === names.length - 1, 'aria-label': t('widget.rank_down', { label }), onclick: () => move(i, 1) }, icon('down')))
    }))
  }
  letDrag(rows, () => put([...rows.children].map((row) => /** @type {HTMLElement} */ (row).dataset.name ?? '')))
  update()
  const focus = () => {
    const target = keep.hidden ? rows.querySelector('button:enabled') : keep
    if (target instanceof HTMLElement) target.focus()
  }
  return { element: el('div', {}, rows, keep), update, focus }
}

/**
 * Lets rows be dragged by their handles: a row changes places with each neighbour whose middle the finger passes.
 *
 * @param {HTMLElement} rows
 * @param {() => void} dropped
 */
function letDrag(rows, dropped) {
  rows.addEventListener('pointerdown', (event) => {
    const handle = event.target instanceof Element ? event.target.closest('.rank__handle') : null
    const row = handle?.parentElement
    if (!handle || !row) return
    event.preventDefault()
    row.classList.add('rank__row--held')
    const drag = new AbortController()
    let hasMoved = false
    addEventListener('pointermove', (/** @type {PointerEvent} */ { clientY }) => {
      const [before, after] = [row.previousElementSibling, row.nextElementSibling]
      const isUp = before !== null && clientY < middleOf(before)
      if (isUp) before.before(row)
      else if (after && clientY > middleOf(after)) after.after(row)
      else return
      hasMoved = true
    }, drag)
    const end = () => {
      drag.abort()
      row.classList.remove('rank__row--held')
      if (hasMoved) dropped()
    }
    addEventListener('pointerup', end, drag)
    addEventListener('pointercancel', end, drag)
  })
}

/** @param {Element} element */
function middleOf(element) {
  const { top, height } = element.getBoundingClientRect()
  return top + height / 2
}
