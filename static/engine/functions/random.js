/**
 * `randomize()`: nodes, above all choices, in an order by chance or one that a seed repeats.
 */
import { sha256, utf8Bytes } from './digest.js'
import { define } from './define.js'
import { nodesIn } from './nodesets.js'
import { toNumber, toText } from '../values.js'

/** @typedef {import('../values.js').XNode} XNode */

const MODULUS = 2147483647

/** @type {Record<string, import('./define.js').FunctionDefinition>} */
export const RANDOM_FUNCTIONS = {
  randomize: define(1, 2, ([nodes, seed], { env }) =>
    shuffled(nodesIn(nodes, 'randomize'), seed === undefined ? env.random : parkMiller(seedOf(seed, env.zone))),
  ),
}

/**
 * Gives the seed of a number; of another text, its SHA-256's first eight bytes, as JavaRosa has it (getodk/javarosa#801).
 *
 * @param {import('../values.js').Value} value
 * @param {import('../calendar.js').Zone} zone
 */
function seedOf(value, zone) {
  const number = toNumber(value, zone)
  const text = toText(value)
  if (!Number.isNaN(number) || text === '' || text === 'NaN') return Number.isFinite(number) ? Math.trunc(number) % MODULUS : 0
  const hash = sha256(utf8Bytes(text)).slice(0, 8).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
  return Number(BigInt.asIntN(64, hash) % BigInt(MODULUS))
}

/**
 * Gives the numbers in [0, 1) that all ODK clients draw from a seed, so that a seeded order is the same everywhere
 * (Park and Miller's generator; ODK XForms, `randomize`).
 *
 * @param {number} seed
 */
function parkMiller(seed) {
  let state = seed > 0 ? seed : seed + MODULUS - 1
  return () => {
    state = (state * 16807) % MODULUS
    return (state - 1) / (MODULUS - 1)
  }
}

/**
 * Shuffles from the inside out, as the specification names it: with the same numbers another way gives another order.
 *
 * @param {XNode[]} nodes
 * @param {() => number} random
 */
function shuffled(nodes, random) {
  /** @type {XNode[]} */
  const order = []
  nodes.forEach((node, index) => {
    const other = Math.floor(random() * (index + 1))
    if (other !== index) order.push(order[other])
    order[other] = node
  })
  return order
}
