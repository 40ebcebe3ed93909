/**
 * `extract-signed()`: Ed25519 (RFC 8032, section 5.1.7). The phone's and the server's own would not answer at once.
 */
import { sha512 } from './digest.js'
import { define } from './define.js'
import { fromBase64, fromUtf8 } from './encoding.js'
import { toText } from '../values.js'

/** @typedef {[bigint, bigint, bigint, bigint]} Point extended coordinates X, Y, Z, T */

const FIELD = 2n ** 255n - 19n
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n
const SIGNATURE_BYTES = 64
// d = -121665/121666
const CURVE_CONSTANT = 37095705934669439343138083508754565189542113879843219016388785533085940283555n

/** @type {Record<string, import('./define.js').FunctionDefinition>} */
export const SIGNED_FUNCTIONS = {
  // The text behind a signature, both in base64; nothing where the key, in base64 as well, did not sign it.
  'extract-signed': define(2, 2, ([signed, key]) => {
    const bytes = fromBase64(toText(signed))
    const message = bytes.slice(SIGNATURE_BYTES)
    return isSignedBy(bytes.slice(0, SIGNATURE_BYTES), message, fromBase64(toText(key))) ? fromUtf8(message) : ''
  }),
}

/**
 * @param {number[]} signature
 * @param {number[]} message
 * @param {number[]} key
 */
function isSignedBy(signature, message, key) {
  if (signature.length !== SIGNATURE_BYTES || key.length !== 32) return false
  const [commitment, owner] = [pointIn(signature.slice(0, 32)), pointIn(key)]
  const proof = littleEndian(signature.slice(32))
  const base = pointIn([0x58, ...Array.from({ length: 31 }, () => 0x66)])
  if (commitment === null || owner === null || base === null || proof >= ORDER) return false
  const challenge = littleEndian(sha512([...signature.slice(0, 32), ...key, ...message], 0, 64)) % ORDER
  return isSamePoint(times(base, proof), plus(commitment, times(owner, challenge)))
}

/** @param {number[]} bytes */
function littleEndian(bytes) {
  return bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
}

/** @param {bigint} value */
function inField(value) {
  const rest = value % FIELD
  return rest < 0n ? rest + FIELD : rest
}

/**
 * @param {bigint} base
 * @param {bigint} exponent
 */
function power(base, exponent) {
  let result = 1n
  for (let square = inField(base), left = exponent; left > 0n; left >>= 1n, square = inField(square * square)) {
    if (left & 1n) result = inField(result * square)
  }
  return result
}

/**
 * Gives the point that 32 bytes name, null where they name none (RFC 8032, section 5.1.3).
 *
 * @param {number[]} bytes
 * @returns {Point | null}
 */
function pointIn(bytes) {
  const number = littleEndian(bytes)
  const y = number & (2n ** 255n - 1n)
  if (y >= FIELD) return null
  const u = inField(y * y - 1n)
  const v = inField(CURVE_CONSTANT * y * y + 1n)
  let x = inField(u * power(v, 3n) * power(u * power(v, 7n), (FIELD - 5n) / 8n))
  if (inField(v * x * x) === inField(-u)) x = inField(x * power(2n, (FIELD - 1n) / 4n))
  if (inField(v * x * x) !== u || (x === 0n && number >> 255n === 1n)) return null
  if ((x & 1n) !== number >> 255n) x = FIELD - x
  return [x, y, 1n, inField(x * y)]
}

/**
 * @param {Point} p
 * @param {Point} q
 * @returns {Point}
 */
function plus([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const a = inField((y1 - x1) * (y2 - x2))
  const b = inField((y1 + x1) * (y2 + x2))
  const c = inField(2n * t1 * t2 * CURVE_CONSTANT)
  const d = inField(2n * z1 * z2)
  const [e, f, g, h] = [b - a, d - c, d + c, b + a]
  return [inField(e * f), inField(g * h), inField(f * g), inField(e * h)]
}

/**
 * @param {Point} point
 * @param {bigint} factor
 */
function times(point, factor) {
  /** @type {Point} */
  let sum = [0n, 1n, 1n, 0n]
  for (let at = point, left = factor; left > 0n; left >>= 1n, at = plus(at, at)) if (left & 1n) sum = plus(sum, at)
  return sum
}

/**
 * @param {Point} p
 * @param {Point} q
 */
function isSamePoint([x1, y1, z1], [x2, y2, z2]) {
  return inField(x1 * z2 - x2 * z1) === 0n && inField(y1 * z2 - y2 * z1) === 0n
}
