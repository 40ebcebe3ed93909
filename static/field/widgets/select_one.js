/** @import { Widget, WidgetContext } from '../fill/types.js' */
import { el } from '../dom.js'
import { t } from '../i18n/i18n.js'
import { ChoiceList, isSearched } from './choice-list.js'

export const isGroup = true

/**
 * One choice of a list, as radios. With the appearance `quick` the choice goes on to the next question by itself. An
 * answer that is not required can be taken back.
 *
 * @param {WidgetContext} context
 * @returns {Widget}
 */
export function create({ form, node, media, changed, register, advance }) {
  const list = new ChoiceList({
    form,
    media,
    type: 'radio',
    hasSearch: isSearched(node),
    isChosen: (value) => value === node.value,
    pick: (value) => {
      put(value)
      if (/\bquick/.test(node.def.appearance ?? '')) advance()
    },
    register,
  })
  const clear = el('button', { type: 'button', class: 'button button--quiet button--small', onclick: () => {
    put('')
    list.mark()
    list.focus()
  } }, t('widget.clear'))
  const offerClear = () => { clear.hidden = !node.value || node.isRequired }
  const update = () => {
    list.show(form.choices(node))
    offerClear()
  }
  /** @param {string} value */
  const put = (value) => {
    changed(value)
    offerClear()
  }
  update()
  return { element: el('div', {}, list.element, clear), update, focus: () => list.focus(), destroy: () => list.destroy() }
}
