/** @import { Widget, WidgetContext } from '../fill/types.js' */
import { el } from '../dom.js'
import { icon } from '../fill/icon.js'
import { t } from '../i18n/i18n.js'
import { createCoordinates } from './coordinates.js'
import { Finder } from './finder.js'
import { hasAppearance } from './input.js'
import { reasonFor } from './reason.js'

/**
 * A position. The phone is asked only on a tap, with the reason beside it, and the accuracy shows while it searches. It can be typed in any case:
 * there is no map to place it on, which the appearance `placement-map` is told in words.
 *
 * @param {WidgetContext} context
 * @returns {Widget}
 */
export function create({ node, changed, register }) {
  const isPlaced = hasAppearance(node, 'placement-map')
  const shown = el('p', { class: 'geo__value' })
  const map = el('a', { class: 'button button--small' }, t('widget.geo_open'))
  const words = el('span')
  const ask = el('button', { type: 'button', class: 'button button--block', onclick: () => (finder.isOn ? finder.end() : finder.find()) }, icon('pin'), words)
  const clear = el('button', { type: 'button', class: 'button button--quiet button--small', onclick: () => put('') }, t('widget.clear'))
  register(ask)
  const typed = createCoordinates({ action: t('widget.geo_use'), isOpen: isPlaced, take: (point) => put(point), register })
  const update = () => {
    const [latitude, longitude, , accuracy = ''] = node.value.split(' ')
    shown.textContent = longitude ? t(Number(accuracy) ? 'widget.geo_value' : 'widget.geo_typed', { latitude, longitude, accuracy }) : ''
    shown.hidden = !longitude
    if (longitude) map.href = `geo:${latitude},${longitude}?q=${latitude},${longitude}`
    map.hidden = !longitude || !navigator.onLine
    clear.hidden = !node.value
    typed.show(longitude ? node.value : '')
    words.textContent = t(finder.isOn ? 'widget.geo_stop' : node.value ? 'widget.geo_again' : 'widget.geo_get')
  }
  const put = (/** @type {string} */ value) => {
    changed(value)
    finder.end()
  }
  const finder = new Finder(node.def, { found: put, changed: update })
  update()
  const note = isPlaced && el('p', { class: 'notice' }, t('widget.geo_no_map'))
  return {
    element: el('div', { class: 'geo' }, note, shown, el('div', { class: 'geo__more' }, map, clear), finder.element, reasonFor('geolocation'), ask, typed.element),
    update,
    focus: () => ask.focus(),
    destroy: () => finder.end(),
  }
}
