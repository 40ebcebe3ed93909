/** SHA-256. `crypto.subtle` exists only on https and localhost; app.js refuses to start without it. */

/** @param {ArrayBuffer | Uint8Array<ArrayBuffer>} bytes @returns {Promise<Uint8Array<ArrayBuffer>>} 32 bytes */
export async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
}

/** @param {Uint8Array} bytes */
export function toHex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** @param {Uint8Array} bytes */
export function toBase64(bytes) {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}

/** Lower-case hex of the SHA-256 of `text` in UTF-8. @param {string} text */
export async function hashText(text) {
  return toHex(await sha256(new TextEncoder().encode(text)))
}

/** Lower-case hex of the SHA-256 of a blob's bytes. @param {Blob} blob */
export async function hashBlob(blob) {
  return toHex(await sha256(await blob.arrayBuffer()))
}
