import { normalised } from '../../engine/types.js'
import { el } from '../dom.js'
import { t } from '../i18n/i18n.js'
import { onEnter } from './input.js'
import { joinPoint } from './position.js'

/**
 * Gives the point of typed degrees, with a decimal point or comma and digits of any script, accuracy and altitude 0 as
 * ODK Collect writes a point that was placed by hand; `''` where it is no place on Earth.
 *
 * @param {string} latitude
 * @param {string} longitude
 * @returns {string}
 */
export function typedPoint(latitude, longitude) {
  const [north, east] = [latitude, longitude].map((text) => (text.trim() ? Number(normalised(text.trim(), 'decimal')) : NaN))
  return Math.abs(north) <= 90 && Math.abs(east) <= 180 ? joinPoint({ latitude: north, longitude: east }) : ''
}

/**
 * Gives two fields for the degrees of a place, folded away behind their name unless they are the way to answer.
 *
 * @param {object} options
 * @param {string} options.action what the button is called
 * @param {boolean} options.isOpen
 * @param {(point: string) => void} options.take
 * @param {(control: HTMLElement) => void} options.register
 * @returns {{element: HTMLElement, show: (point: string) => void}}
 */
export function createCoordinates({ action, isOpen, take, register }) {
  const fields = ['widget.geo_latitude', 'widget.geo_longitude'].map((label) => {
    const control = el('input', { class: 'input', type: 'text', inputmode: 'text', autocomplete: 'off' })
    onEnter(control, () => use())
    register(control)
    return { control, element: el('label', { class: 'coordinates__field' }, t(label), control) }
  })
  const [north, east] = fields.map(({ control }) => control)
  const fault = el('p', { class: 'coordinates__fault', role: 'alert' })
  const use = () => {
    const point = typedPoint(north.value, east.value)
    fault.textContent = point ? '' : t('widget.geo_bad')
    if (point) take(point)
    else north.focus()
  }
  const element = el('details', { class: 'coordinates', open: isOpen },
    el('summary', {}, t('widget.geo_type')),
    ...fields.map((field) => field.element), fault,
    el('button', { type: 'button', class: 'button', onclick: use }, action))
  return { element, show: (point) => [north.value, east.value] = point ? point.split(' ') : ['', ''] }
}
