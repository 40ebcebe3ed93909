/** Where the phone is, as questions about places ask it. */

/** Without any fix for so long the volunteer is told what to switch on (A39). */
const PATIENCE_MS = 30000
/** Accuracy in metres that is good enough by itself, where the form's `capture-accuracy` says nothing. */
const GOOD_METRES = 10
/** Accuracy in metres that is called poor, where the form's `warning-accuracy` says nothing. */
const POOR_METRES = 100

/**
 * Gives the lexical geopoint: latitude, longitude, altitude, accuracy.
 *
 * @param {{latitude: number, longitude: number, altitude?: number|null, accuracy?: number}} coords
 * @returns {string}
 */
export function joinPoint({ latitude, longitude, altitude, accuracy }) {
  return [latitude.toFixed(7), longitude.toFixed(7), (altitude ?? 0).toFixed(1), (accuracy ?? 0).toFixed(1)].map(Number).join(' ')
}

/**
 * Gives the accuracies that a question asks for, in metres. A `good` of 0 takes no fix by itself.
 *
 * @param {{parameters?: Record<string, string>}} def
 * @returns {{good: number, poor: number}}
 */
export function accuraciesOf({ parameters = {} }) {
  const number = (/** @type {string|undefined} */ text, /** @type {number} */ otherwise) => (text?.trim() && Number.isFinite(Number(text)) ? Number(text) : otherwise)
  return { good: number(parameters.accuracyThreshold, GOOD_METRES), poor: number(parameters.unacceptableAccuracyThreshold, POOR_METRES) }
}

/**
 * Asks the phone where it is, again and again. Ends by itself with the key of a message where the volunteer refused, or
 * where nothing came in 30 seconds.
 *
 * @param {{found: (coords: GeolocationCoordinates) => void, failed: (key: string) => void}} listener
 * @returns {() => void} ends it
 */
export function followPosition({ found, failed }) {
  let hasFix = false
  let watch = -1
  const stop = () => {
    clearTimeout(timer)
    if (watch >= 0) navigator.geolocation.clearWatch(watch)
  }
  const fail = (/** @type {string} */ key) => {
    stop()
    failed(key)
  }
  const timer = setTimeout(() => { if (!hasFix) fail('widget.geo_off') }, 'geolocation' in navigator ? PATIENCE_MS : 0)
  if ('geolocation' in navigator) {
    watch = navigator.geolocation.watchPosition(({ coords }) => {
      hasFix = true
      found(coords)
    }, (error) => {
      // Code 1 is refusal. The others may pass: the search goes on until patience ends.
      if (error.code === 1) fail('widget.geo_denied')
    }, { enableHighAccuracy: true, maximumAge: 0 })
  }
  return stop
}
