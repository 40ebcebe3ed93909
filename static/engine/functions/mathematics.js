/**
 * Functions of numbers that few forms use (XPath 3.0 "math"; ODK XForms "Number Functions", "Boolean Functions").
 */
import { define } from './define.js'
import { numbersIn, ofOneNumber } from './numbers.js'
import { toBoolean, toNumber } from '../values.js'

/** @typedef {import('./define.js').FunctionDefinition} FunctionDefinition */

/**
 * @param {(a: number, b: number) => number} rule
 * @returns {FunctionDefinition}
 */
function ofTwoNumbers(rule) {
  return define(2, 2, ([a, b], { env }) => rule(toNumber(a, env.zone), toNumber(b, env.zone)))
}

/** @type {Record<string, FunctionDefinition>} */
export const MATHEMATICAL_FUNCTIONS = {
  pow: ofTwoNumbers((base, exponent) => base ** exponent),
  sqrt: ofOneNumber(Math.sqrt),
  exp: ofOneNumber(Math.exp),
  exp10: ofOneNumber((value) => 10 ** value),
  log: ofOneNumber(Math.log),
  log10: ofOneNumber(Math.log10),
  sin: ofOneNumber(Math.sin),
  cos: ofOneNumber(Math.cos),
  tan: ofOneNumber(Math.tan),
  asin: ofOneNumber(Math.asin),
  acos: ofOneNumber(Math.acos),
  atan: ofOneNumber(Math.atan),
  atan2: ofTwoNumbers(Math.atan2),
  pi: define(0, 0, () => Math.PI),
  checklist: define(2, Infinity, ([min, max, ...answers], { env }) => {
    const count = answers.flatMap(truths).filter(Boolean).length
    return isBetween(count, toNumber(min, env.zone), toNumber(max, env.zone))
  }),
  'weighted-checklist': define(2, Infinity, ([min, max, ...pairs], { env }) => {
    let total = 0
    for (let at = 0; at + 1 < pairs.length; at += 2) {
      const weights = numbersIn(pairs[at + 1], env.zone)
      truths(pairs[at]).forEach((isMet, index) => (total += isMet ? (weights[index] ?? 0) : 0))
    }
    return isBetween(total, toNumber(min, env.zone), toNumber(max, env.zone))
  }),
}

/**
 * @param {number} value
 * @param {number} min -1: no lower bound
 * @param {number} max -1: no upper bound
 */
function isBetween(value, min, max) {
  return (min < 0 || value >= min) && (max < 0 || value <= max)
}

/** @param {import('../values.js').Value} value */
function truths(value) {
  return Array.isArray(value) ? value.map((node) => isAffirmed(node.text())) : [toBoolean(value)]
}

/** @param {string} text of a question in a checklist: any answer but "no" and "false" checks it */
function isAffirmed(text) {
  return text !== '' && text !== 'no' && text !== 'false'
}
