/** Where the phone is, for a form that asks for it by itself (`setgeopoint`). Loaded when one does. */

const LONGEST_MS = 60_000

/**
 * Calls `answer` with the first fix and with each better one of a minute, in the lexical form of a geopoint. Silent where the volunteer
 * does not allow it or there is none.
 * @param {(geopoint: string) => void} answer
 */
export function locate(answer) {
  const { geolocation } = navigator
  if (!geolocation) return
  let best = Infinity
  const watch = geolocation.watchPosition(({ coords }) => {
    if (coords.accuracy >= best) return
    best = coords.accuracy
    answer([coords.latitude, coords.longitude, coords.altitude ?? 0, coords.accuracy].join(' '))
  }, ({ code, PERMISSION_DENIED }) => {
    if (code === PERMISSION_DENIED) geolocation.clearWatch(watch)
  }, { enableHighAccuracy: true, maximumAge: 0, timeout: LONGEST_MS })
  setTimeout(() => geolocation.clearWatch(watch), LONGEST_MS)
}
