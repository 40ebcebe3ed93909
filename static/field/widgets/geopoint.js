/** @import { Widget, WidgetContext } from '../fill/types.js' */
import { el } from '../dom.js'
import { icon } from '../fill/icon.js'
import { t } from '../i18n/i18n.js'

export const isGroup = true

/** Accuracy in metres that is good enough by itself, where the form's `accuracyThreshold` says nothing. */
const GOOD_METRES = 10
/** Without any fix for so long the volunteer is told what to switch on (A39). */
const PATIENCE_MS = 30000

/**
 * Gives the lexical geopoint: latitude, longitude, altitude, accuracy.
 *
 * @param {GeolocationCoordinates} coords
 * @returns {string}
 */
export function joinPoint({ latitude, longitude, altitude, accuracy }) {
  return [latitude.toFixed(7), longitude.toFixed(7), (altitude ?? 0).toFixed(1), accuracy.toFixed(1)].map(Number).join(' ')
}

/**
 * A position. The phone is asked only on a tap. While it searches, the accuracy of the best fix so far shows; at the
 * threshold it is taken by itself, and a weaker one whenever the volunteer says so.
 *
 * @param {WidgetContext} context
 * @returns {Widget}
 */
export function create({ node, changed, register }) {
  const threshold = Number(node.def.parameters?.accuracyThreshold) || GOOD_METRES
  const shown = el('p', { class: 'geo__value' })
  const status = el('p', { class: 'geo__status', role: 'status' })
  const words = el('span')
  const ask = el('button', { type: 'button', class: 'button button--block', onclick: () => start() }, icon('pin'), words)
  const take = el('button', { type: 'button', class: 'button button--block', hidden: true, onclick: () => accept() })
  const clear = el('button', { type: 'button', class: 'button button--quiet button--small', onclick: () => put('') }, t('widget.clear'))
  register(ask)

  /** @type {number|null} */
  let watch = null
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let timer
  /** @type {GeolocationCoordinates|null} */
  let best = null

  const stop = () => {
    if (watch !== null) navigator.geolocation.clearWatch(watch)
    clearTimeout(timer)
    watch = null
    take.hidden = true
    ask.disabled = false
  }
  const update = () => {
    const [latitude, longitude, , accuracy] = node.value.split(' ')
    shown.textContent = longitude ? t('widget.geo_value', { latitude, longitude, accuracy: accuracy ?? '?' }) : ''
    shown.hidden = !longitude
    clear.hidden = !node.value
    words.textContent = t(node.value ? 'widget.geo_again' : 'widget.geo_get')
  }
  const put = (/** @type {string} */ value) => {
    stop()
    changed(value)
    status.textContent = ''
    update()
  }
  const accept = () => { if (best) put(joinPoint(best)) }
  const give = (/** @type {string} */ key) => {
    stop()
    status.textContent = t(key)
  }
  const start = () => {
    if (!('geolocation' in navigator)) return give('widget.geo_off')
    best = null
    ask.disabled = true
    status.textContent = t('widget.geo_wait')
    timer = setTimeout(() => { if (!best) give('widget.geo_off') }, PATIENCE_MS)
    watch = navigator.geolocation.watchPosition(({ coords }) => {
      if (!best || coords.accuracy <= best.accuracy) best = coords
      const metres = Math.ceil(best.accuracy)
      if (best.accuracy <= threshold) return accept()
      status.textContent = t('widget.geo_weak', { metres, threshold })
      take.textContent = t('widget.geo_take', { metres })
      take.hidden = false
    }, (error) => {
      // Code 1 is refusal. The others may pass: the search goes on until patience ends.
      if (error.code === 1) give('widget.geo_denied')
    }, { enableHighAccuracy: true, maximumAge: 0 })
  }
  update()
  return { element: el('div', { class: 'geo' }, shown, status, take, ask, clear), update, focus: () => ask.focus(), destroy: stop }
}
