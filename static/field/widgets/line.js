/** @import { Widget, WidgetContext } from '../fill/types.js' */
import { el } from '../dom.js'
import { icon } from '../fill/icon.js'
import { t } from '../i18n/i18n.js'
import { createCoordinates } from './coordinates.js'
import { Finder } from './finder.js'
import { areaOf, isDue, joinLine, lengthOf, splitLine } from './line-points.js'
import { sketchOf } from './line-sketch.js'
import { reasonFor } from './reason.js'

/** How often a walk puts a point: so many seconds or metres apart. */
const INTERVALS = [{ metres: 5 }, { metres: 20 }, { seconds: 5 }, { seconds: 20 }, { seconds: 60 }]

/**
 * A line or an area, point by point: where the phone is now, recorded while walking, or typed. A small sketch, the length
 * and the area show what there is. An area closes itself: its first point is put after the last one.
 *
 * @param {WidgetContext} context
 * @returns {Widget}
 */
export function create({ node, changed, register }) {
  const isShape = node.def.type === 'geoshape'
  const finder = new Finder(node.def, { found: (point) => add(point), changed: () => update() })
  const walk = createWalk(finder, () => points().at(-1), (point) => add(point))
  const sketch = el('div', { class: 'line__sketch' })
  const sum = el('p', { role: 'status' })
  const words = el('span')
  const here = el('button', { type: 'button', class: 'button button--block', onclick: () => (finder.isOn ? finder.end() : finder.find()) }, icon('pin'), words)
  const undo = el('button', { type: 'button', class: 'button', onclick: () => put(points().slice(0, -1)) }, t('widget.line_undo'))
  const clear = el('button', { type: 'button', class: 'button button--danger', onclick: () => put([]) }, t('widget.pad_clear'))
  register(here)
  const typed = createCoordinates({ action: t('widget.geo_add'), isOpen: false, register, take: (point) => {
    add(point)
    typed.show('')
  } })
  const points = () => splitLine(node.value, isShape)
  const put = (/** @type {string[]} */ list) => {
    changed(joinLine(list, isShape))
    update()
  }
  const add = (/** @type {string} */ point) => put([...points(), point])
  const update = () => {
    const list = points()
    const isWalking = walk.follow()
    sketch.replaceChildren(...(list.length > 1 ? [sketchOf(list, isShape, t('widget.line_sketch'))] : []))
    sum.textContent = inWords(list, isShape)
    undo.hidden = clear.hidden = list.length === 0
    words.textContent = t(finder.isOn && !isWalking ? 'widget.geo_stop' : 'widget.line_here')
    here.disabled = isWalking
  }
  update()
  return {
    element: el('div', { class: 'geo' }, sketch, sum, finder.element, reasonFor('geolocation'), here, ...walk.elements, el('div', { class: 'geo__more' }, undo, clear), typed.element),
    update,
    focus: () => here.focus(),
    destroy: () => finder.end(),
  }
}

/**
 * Gives the button that records a walk, and the choice of how often it puts a point.
 *
 * @param {Finder} finder
 * @param {() => string|undefined} last gives the point before
 * @param {(point: string) => void} add
 * @returns {{elements: HTMLElement[], follow: () => boolean}} `follow` shows the finder's state, and gives whether it walks
 */
function createWalk(finder, last, add) {
  const every = el('select', { class: 'input' }, ...INTERVALS.map(({ metres, seconds }, i) => el('option', { value: i }, t(metres ? 'widget.line_metres' : 'widget.line_seconds', { count: metres ?? seconds }))))
  const button = el('button', { type: 'button', class: 'button button--block', onclick: () => (finder.isOn ? finder.end() : begin()) })
  let isOn = false
  /** @type {WakeLockSentinel|null|undefined} a dark screen would stop the recording */
  let light
  const begin = async () => {
    let lastAt = -Infinity
    isOn = true
    finder.walk((point) => {
      const now = performance.now()
      if (!isDue(INTERVALS[every.selectedIndex], last(), point, (now - lastAt) / 1000)) return
      lastAt = now
      add(point)
    })
    light = await navigator.wakeLock?.request('screen').catch(() => null)
    if (!isOn) light?.release()
  }
  const follow = () => {
    isOn &&= finder.isOn
    if (!isOn) light?.release()
    button.textContent = t(isOn ? 'widget.line_pause' : 'widget.line_walk')
    button.disabled = finder.isOn && !isOn
    return isOn
  }
  return { elements: [el('label', { class: 'line__every' }, t('widget.line_every'), every), button], follow }
}

/**
 * Gives the size of a line or an area, or how many points it still needs.
 *
 * @param {string[]} list
 * @param {boolean} isShape
 */
function inWords(list, isShape) {
  const missing = (isShape ? 3 : 2) - list.length
  if (missing > 0) return t('widget.line_need', { count: missing })
  const length = inUnits(lengthOf(list, isShape), 'm', 1000)
  return t(isShape ? 'widget.line_shape' : 'widget.line_trace', { count: list.length, length, area: inUnits(areaOf(list), 'm²', 1e6) })
}

/**
 * @param {number} size
 * @param {string} unit
 * @param {number} kilo of the unit in the larger one
 */
function inUnits(size, unit, kilo) {
  return size < kilo ? `${Math.round(size)} ${unit}` : `${(size / kilo).toFixed(2)} k${unit}`
}
