/**
 * `digest()`: MD5 (RFC 1321), SHA-1 and SHA-2 (FIPS 180-4). The host has no such functions that answer at once.
 */
import { define } from './define.js'
import { toBase64 } from './encoding.js'
import { toText } from '../values.js'
import { ExpressionError } from '../lexer.js'

/** @type {Record<string, (bytes: number[]) => number[]>} */
const ALGORITHMS = { MD5: md5, 'SHA-1': sha1, 'SHA-256': sha256, 'SHA-384': (bytes) => sha512(bytes, 8, 48), 'SHA-512': (bytes) => sha512(bytes, 0, 64) }

/** @type {Record<string, import('./define.js').FunctionDefinition>} */
export const DIGEST_FUNCTIONS = {
  digest: define(2, 3, ([text, algorithm, encoding = 'base64']) => {
    const hash = ALGORITHMS[toText(algorithm).toUpperCase()]
    if (hash === undefined) throw new ExpressionError('unknown_digest', `There is no digest ${toText(algorithm)}.`, 0)
    const bytes = hash(utf8Bytes(toText(text)))
    return toText(encoding) === 'hex' ? bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('') : toBase64(bytes)
  }),
}

/**
 * Gives the bytes of a text in UTF-8.
 *
 * @param {string} text
 */
export function utf8Bytes(text) {
  // A half of a surrogate pair has no UTF-8 form.
  const whole = text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')
  return encodeURIComponent(whole)
    .match(/%..|./g)
    ?.map((part) => (part.length > 1 ? parseInt(part.slice(1), 16) : part.charCodeAt(0))) ?? []
}

/**
 * Gives the message with a one bit, zeros and its length in bits behind it.
 *
 * @param {number[]} bytes
 * @param {number} block bytes a block
 * @param {boolean} isLittleEndian
 */
function padMessage(bytes, block, isLittleEndian) {
  const lengthBytes = block / 8
  const padded = [...bytes, 0x80]
  while (padded.length % block !== block - lengthBytes) padded.push(0)
  const length = toBytes(BigInt(bytes.length) * 8n, lengthBytes)
  return [...padded, ...(isLittleEndian ? length.reverse() : length)]
}

/**
 * @param {bigint} value
 * @param {number} count
 */
function toBytes(value, count) {
  return Array.from({ length: count }, (_, index) => Number((value >> BigInt(8 * (count - 1 - index))) & 255n))
}

/**
 * @param {number} value
 * @param {number} by
 */
function rotateLeft(value, by) {
  return (value << by) | (value >>> (32 - by))
}

/**
 * @param {number[]} bytes
 * @param {number} at
 */
function bigEndianWord(bytes, at) {
  return (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]
}

/** @param {number[]} words */
function wordBytes(words) {
  return words.flatMap((word) => [word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255])
}

/** @param {number[]} message */
function md5(message) {
  const turns = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]]
  const bytes = padMessage(message, 64, true)
  const state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476]
  for (let start = 0; start < bytes.length; start += 64) {
    let [a, b, c, d] = state
    for (let step = 0; step < 64; step += 1) {
      const round = step >> 4
      const mixed = [(b & c) | (~b & d), (d & b) | (~d & c), b ^ c ^ d, c ^ (b | ~d)][round]
      const at = start + 4 * ([step, 5 * step + 1, 3 * step + 5, 7 * step][round] % 16)
      const word = bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)
      const sum = (a + mixed + word + Math.floor(Math.abs(Math.sin(step + 1)) * 2 ** 32)) | 0
      ;[a, d, c, b] = [d, c, b, (b + rotateLeft(sum, turns[round][step % 4])) | 0]
    }
    ;[a, b, c, d].forEach((value, index) => (state[index] = (state[index] + value) | 0))
  }
  return state.flatMap((word) => wordBytes([word]).reverse())
}

/** @param {number[]} message */
function sha1(message) {
  const bytes = padMessage(message, 64, false)
  const state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0]
  for (let start = 0; start < bytes.length; start += 64) {
    const words = Array.from({ length: 16 }, (_, index) => bigEndianWord(bytes, start + 4 * index))
    for (let at = 16; at < 80; at += 1) words.push(rotateLeft(words[at - 3] ^ words[at - 8] ^ words[at - 14] ^ words[at - 16], 1))
    let [a, b, c, d, e] = state
    words.forEach((word, step) => {
      const round = Math.floor(step / 20)
      const mixed = [(b & c) | (~b & d), b ^ c ^ d, (b & c) | (b & d) | (c & d), b ^ c ^ d][round]
      const sum = (rotateLeft(a, 5) + mixed + e + word + [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6][round]) | 0
      ;[e, d, c, b, a] = [d, c, rotateLeft(b, 30), a, sum]
    })
    ;[a, b, c, d, e].forEach((value, index) => (state[index] = (state[index] + value) | 0))
  }
  return wordBytes(state)
}

/**
 * Gives the first 64 bits of the fraction of a root of each of the first primes: SHA-2's constants.
 *
 * @param {bigint} degree 2 or 3
 * @param {number} count
 */
function rootFractions(degree, count) {
  /** @type {number[]} */
  const primes = []
  for (let number = 2; primes.length < count; number += 1) if (primes.every((prime) => number % prime !== 0)) primes.push(number)
  return primes.map((prime) => {
    const target = BigInt(prime) << (64n * degree)
    let root = 0n
    for (let bit = 1n << 70n; bit > 0n; bit >>= 1n) if ((root + bit) ** degree <= target) root += bit
    return root & 0xffffffffffffffffn
  })
}

/**
 * @param {bigint} value
 * @param {bigint} by
 * @param {bigint} width
 */
function rotateRight(value, by, width) {
  return ((value >> by) | (value << (width - by))) & ((1n << width) - 1n)
}

/** @typedef {{width: bigint, rounds: number, schedule: bigint[][], state: bigint[][]}} Sha2 turns; of `schedule`, the third is a shift */

/** @type {Sha2} */
const SHA_256 = { width: 32n, rounds: 64, schedule: [[7n, 18n, 3n], [17n, 19n, 10n]], state: [[2n, 13n, 22n], [6n, 11n, 25n]] }
/** @type {Sha2} */
const SHA_512 = { width: 64n, rounds: 80, schedule: [[1n, 8n, 7n], [19n, 61n, 6n]], state: [[28n, 34n, 39n], [14n, 18n, 41n]] }

/**
 * Gives the SHA-256 of bytes.
 *
 * @param {number[]} message
 */
export function sha256(message) {
  return sha2(message, SHA_256, rootFractions(2n, 8).map((root) => root >> 32n)).slice(0, 32)
}

/**
 * Gives the SHA-512 of bytes, or one that is made like it.
 *
 * @param {number[]} message
 * @param {number} firstPrime whose root the state starts with; 0 for SHA-512
 * @param {number} size bytes of the result
 */
export function sha512(message, firstPrime, size) {
  return sha2(message, SHA_512, rootFractions(2n, firstPrime + 8).slice(firstPrime)).slice(0, size)
}

/**
 * @param {number[]} message
 * @param {Sha2} kind
 * @param {bigint[]} state
 */
function sha2(message, { width, rounds, schedule, state: turns }, state) {
  const mask = (1n << width) - 1n
  const wordSize = Number(width) / 8
  const constants = rootFractions(3n, rounds).map((root) => root >> (64n - width))
  const bytes = padMessage(message, wordSize * 16, false)
  const mix = (/** @type {bigint} */ value, /** @type {bigint[]} */ by) => by.reduce((mixed, turn) => mixed ^ rotateRight(value, turn, width), 0n)
  const small = (/** @type {bigint} */ value, /** @type {bigint[]} */ [a, b, shift]) => mix(value, [a, b]) ^ (value >> shift)
  for (let start = 0; start < bytes.length; start += wordSize * 16) {
    const words = Array.from({ length: 16 }, (_, index) =>
      bytes.slice(start + index * wordSize, start + (index + 1) * wordSize).reduce((word, byte) => (word << 8n) | BigInt(byte), 0n),
    )
    for (let at = 16; at < rounds; at += 1) words.push((small(words[at - 15], schedule[0]) + small(words[at - 2], schedule[1]) + words[at - 16] + words[at - 7]) & mask)
    let [a, b, c, d, e, f, g, h] = state
    words.forEach((word, step) => {
      const first = h + mix(e, turns[1]) + ((e & f) ^ (~e & g & mask)) + constants[step] + word
      const second = mix(a, turns[0]) + ((a & b) ^ (a & c) ^ (b & c))
      ;[h, g, f, e, d, c, b, a] = [g, f, e, (d + first) & mask, c, b, a, (first + second) & mask]
    })
    ;[a, b, c, d, e, f, g, h].forEach((value, index) => (state[index] = (state[index] + value) & mask))
  }
  return state.flatMap((word) => toBytes(word, wordSize))
}
