/** Amounts of data in words. Pure. */

/** @param {number} bytes */
export function bytesText(bytes) {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`
  return bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${Math.ceil(Math.max(0, bytes) / 1000)} kB`
}
