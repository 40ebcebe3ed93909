/** Moments as the phone writes them. */

/** @param {number} value @param {number} [width] */
const pad = (value, width = 2) => String(value).padStart(width, '0')

/**
 * A moment as an XML Schema dateTime with the zone's offset: `2006-03-28T09:43:10.000+08:00`.
 * @param {number} ms since 1970, UTC
 * @param {number} offset minutes east of UTC
 */
export function isoLocal(ms, offset) {
  const local = new Date(ms + offset * 60000).toISOString().slice(0, -1)
  const size = Math.abs(offset)
  return `${local}${offset < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}:${pad(size % 60)}`
}

/** Minutes east of UTC that this phone's clock shows at `ms`. @param {number} ms */
export function offsetAt(ms) {
  return -new Date(ms).getTimezoneOffset()
}
