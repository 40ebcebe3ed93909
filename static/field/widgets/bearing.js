/** @import { Widget, WidgetContext } from '../fill/types.js' */
import { drawing, el } from '../dom.js'
import { t } from '../i18n/i18n.js'
import { create as createNumber } from './number.js'

const NEEDLE = 'M12 3a9 9 0 100 18 9 9 0 000-18zM15.500 8.500l-2 5-5 2 2-5z'
/** Without a reading for so long there is no compass. */
const PATIENCE_MS = 4000

/**
 * Gives the direction in which the top of the screen points, in degrees east of north; null where the event knows none.
 *
 * @param {{absolute: boolean, alpha: number|null, webkitCompassHeading?: number}} event a reading of the phone's compass
 * @param {number} turned degrees that the screen is turned from upright
 * @returns {number|null}
 */
export function headingOf({ absolute, alpha, webkitCompassHeading }, turned) {
  // Safari measures clockwise from north already; others counter-clockwise, and only the absolute event from north.
  const upright = webkitCompassHeading ?? (absolute && alpha !== null ? 360 - alpha : null)
  return upright === null ? null : (Math.round((upright + turned) * 10) % 3600) / 10
}

/**
 * A direction in degrees: typed, or read from the phone's compass, where there is one and it may be used.
 *
 * @param {WidgetContext} context
 * @returns {Widget}
 */
export function create(context) {
  const { changed } = context
  const widget = createNumber(context)
  const message = el('p', { class: 'soft', role: 'status' })
  const start = el('button', { type: 'button', class: 'button button--block', onclick: () => begin() }, drawing(NEEDLE, 'needle'), t('widget.compass'))
  const keep = el('button', { type: 'button', class: 'button button--primary button--block', hidden: true, onclick: () => {
    changed(String(heading))
    widget.update()
    end('')
  } })
  /** @type {number|null} */
  let heading = null
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let timer
  const read = (/** @type {any} */ event) => {
    const found = headingOf(event, globalThis.screen?.orientation?.angle ?? 0)
    if (found === null) return
    heading = found
    keep.hidden = false
    keep.textContent = t('widget.compass_keep', { degrees: heading })
  }
  const listen = (/** @type {'addEventListener'|'removeEventListener'} */ how) => {
    for (const name of ['deviceorientationabsolute', 'deviceorientation']) globalThis[how](name, read)
  }
  const end = (/** @type {string} */ text) => {
    clearTimeout(timer)
    listen('removeEventListener')
    keep.hidden = true
    start.hidden = false
    message.textContent = text
  }
  const begin = async () => {
    heading = null
    // Safari asks the volunteer, and only on a tap; the others do not have the function.
    const answer = await /** @type {any} */ (globalThis.DeviceOrientationEvent)?.requestPermission?.().catch(() => 'denied') ?? 'granted'
    if (answer !== 'granted') return end(t('widget.compass_off'))
    listen('addEventListener')
    start.hidden = true
    message.textContent = t('widget.compass_hint')
    timer = setTimeout(() => { if (heading === null) end(t('widget.compass_off')) }, PATIENCE_MS)
  }
  return { ...widget, element: el('div', { class: 'bearing' }, widget.element, message, keep, start), destroy: () => end('') }
}
