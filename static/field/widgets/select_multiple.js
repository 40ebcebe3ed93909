/** @import { Widget, WidgetContext } from '../fill/types.js' */
import { ChoiceList, isSearched } from './choice-list.js'

export const isGroup = true

/**
 * Any number of choices of a list, as checkboxes. The value holds them in the order of the list, whatever the order
 * in which they were tapped.
 *
 * @param {WidgetContext} context
 * @returns {Widget}
 */
export function create({ form, node, media, changed, register }) {
  let chosen = new Set(words(node.value))
  const list = new ChoiceList({
    form,
    media,
    type: 'checkbox',
    hasSearch: isSearched(node),
    isChosen: (value) => chosen.has(value),
    pick: (value, isChosen) => {
      if (isChosen) chosen.add(value)
      else chosen.delete(value)
      changed(form.choices(node).map((choice) => choice.value).filter((name) => chosen.has(name)).join(' '))
    },
    register,
  })
  const update = () => {
    chosen = new Set(words(node.value))
    list.show(form.choices(node))
  }
  update()
  return { element: list.element, update, focus: () => list.focus(), destroy: () => list.destroy() }
}

/** @param {string} value */
function words(value) {
  return value.split(' ').filter(Boolean)
}
