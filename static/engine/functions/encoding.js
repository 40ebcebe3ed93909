/**
 * Base64 and UTF-8. The host has nothing of the kind that is the same on the phone and on the server.
 */
import { define } from './define.js'
import { toText } from '../values.js'
import { ExpressionError } from '../lexer.js'

/** @type {Record<string, import('./define.js').FunctionDefinition>} */
export const ENCODING_FUNCTIONS = {
  'base64-decode': define(1, 1, ([text]) => fromUtf8(fromBase64(toText(text)))),
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/**
 * Gives the bytes of a base64 text.
 *
 * @param {string} text
 * @returns {number[]}
 * @throws {ExpressionError} where a character is not of base64's alphabet
 */
export function fromBase64(text) {
  const bytes = []
  let bits = 0
  let count = 0
  for (const character of text.replace(/[\s=]/g, '')) {
    const value = BASE64.indexOf(character)
    if (value < 0) throw new ExpressionError('bad_base64', 'The text is not base64.', 0)
    bits = ((bits << 6) | value) & 0xffff
    count += 6
    if (count >= 8) {
      count -= 8
      bytes.push((bits >> count) & 255)
    }
  }
  return bytes
}

/**
 * Gives bytes as base64.
 *
 * @param {number[]} bytes
 */
export function toBase64(bytes) {
  let text = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const group = (bytes[at] << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)
    for (let part = 0; part < 4; part += 1) text += part > bytes.length - at ? '=' : BASE64[(group >> (18 - 6 * part)) & 63]
  }
  return text
}

/**
 * Gives the text of bytes in UTF-8; of others, a character for each byte.
 *
 * @param {number[]} bytes
 */
export function fromUtf8(bytes) {
  try {
    return decodeURIComponent(bytes.map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''))
  } catch {
    return String.fromCharCode(...bytes)
  }
}
