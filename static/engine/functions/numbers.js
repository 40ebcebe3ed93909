/**
 * Functions of numbers and truth (XPath 1.0 sections 4.3 and 4.4; ODK XForms "Number Functions", "Boolean Functions").
 */
import { define, defineLazy } from './define.js'
import { numberText, toBoolean, toNumber, toText } from '../values.js'

/** @typedef {import('./define.js').FunctionDefinition} FunctionDefinition */

/**
 * @param {(value: number) => number} rule
 * @returns {FunctionDefinition}
 */
function ofOneNumber(rule) {
  return define(1, 1, ([value], { env }) => rule(toNumber(value, env.zone)))
}

/**
 * @param {(a: number, b: number) => number} rule
 * @returns {FunctionDefinition}
 */
function ofTwoNumbers(rule) {
  return define(2, 2, ([a, b], { env }) => rule(toNumber(a, env.zone), toNumber(b, env.zone)))
}

/** @type {Record<string, FunctionDefinition>} */
export const NUMBER_FUNCTIONS = {
  number: define(0, 1, (args, context) => toNumber(args.length === 0 ? context.node.text() : args[0], context.env.zone)),
  int: ofOneNumber((value) => (Number.isFinite(value) ? Math.trunc(value) + 0 : value)),
  round: define(1, 2, ([value, digits], { env }) => {
    // A text with a decimal comma is a number to round(), as in JavaRosa.
    const number = toNumber(typeof value === 'string' ? value.replace(',', '.') : value, env.zone)
    return digits === undefined ? Math.round(number) + 0 : roundTo(number, Math.trunc(toNumber(digits, env.zone)))
  }),
  floor: ofOneNumber(Math.floor),
  ceiling: ofOneNumber(Math.ceil),
  abs: ofOneNumber(Math.abs),
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
  random: define(0, 0, (_, { env }) => env.random()),
  boolean: define(1, 1, ([value]) => toBoolean(value)),
  'boolean-from-string': define(1, 1, ([value]) => ['1', 'true'].includes(toText(value).trim())),
  not: define(1, 1, ([value]) => !toBoolean(value)),
  true: define(0, 0, () => true),
  false: define(0, 0, () => false),
  if: defineLazy(3, 3, (args, context, { evaluate }) => evaluate(args[toBoolean(evaluate(args[0], context)) ? 1 : 2], context)),
  coalesce: define(1, Infinity, (args) => args.find((value) => !isBlank(value)) ?? ''),
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
 * Gives the number rounded half up at a decimal place. Works on the decimal text, since 2.15 * 10 is less than 21.5.
 *
 * @param {number} value
 * @param {number} digits places after the point; negative ones before it
 */
function roundTo(value, digits) {
  if (!Number.isFinite(value) || Number.isNaN(digits)) return NaN
    const shifted = Number(shift(value, digits))
  // Without a place, half goes up (XPath 1.0); with one, away from zero, as in the other engines.
  const rounded = shifted < 0 ? -Math.round(-shifted) : Math.round(shifted)
  return Number(shift(rounded, -digits)) + 0
}

/**
 * @param {number} value
 * @param {number} places
 */
function shift(value, places) {
  const [digits, exponent = '0'] = String(value).split('e')
  return `${digits}e${Number(exponent) + places}`
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
function isBlank(value) {
  return toText(value) === '' || (typeof value === 'number' && Number.isNaN(value))
}

/** @param {import('../values.js').Value} value */
function truths(value) {
  return Array.isArray(value) ? value.map((node) => isAffirmed(node.text())) : [toBoolean(value)]
}

/** @param {string} text of a question in a checklist: any answer but "no" and "false" checks it */
function isAffirmed(text) {
  return text !== '' && text !== 'no' && text !== 'false'
}

/**
 * Gives the numbers in a value: one for each node of a set.
 *
 * @param {import('../values.js').Value} value
 * @param {import('../calendar.js').Zone} zone
 */
export function numbersIn(value, zone) {
  return Array.isArray(value) ? value.map((node) => toNumber(node.text(), zone)) : [toNumber(value, zone)]
}

/**
 * Gives a computed number as an answer: nothing where it is none.
 *
 * @param {number} value
 */
export function numberAnswer(value) {
  return Number.isNaN(value) ? '' : numberText(value)
}
