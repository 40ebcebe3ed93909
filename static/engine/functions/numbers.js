/**
 * Functions of numbers and truth (XPath 1.0 sections 4.3 and 4.4; ODK XForms "Number Functions", "Boolean Functions").
 */
import { define, defineLazy } from './define.js'
import { toBoolean, toNumber, toText } from '../values.js'

/** @typedef {import('./define.js').FunctionDefinition} FunctionDefinition */

/**
 * Describes a function of one number.
 *
 * @param {(value: number) => number} rule
 * @returns {FunctionDefinition}
 */
export function ofOneNumber(rule) {
  return define(1, 1, ([value], { env }) => rule(toNumber(value, env.zone)))
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
  random: define(0, 0, (_, { env }) => env.random()),
  boolean: define(1, 1, ([value]) => toBoolean(value)),
  'boolean-from-string': define(1, 1, ([value]) => ['1', 'true'].includes(toText(value).trim())),
  not: define(1, 1, ([value]) => !toBoolean(value)),
  true: define(0, 0, () => true),
  false: define(0, 0, () => false),
  if: defineLazy(3, 3, (args, context, { evaluate }) => evaluate(args[toBoolean(evaluate(args[0], context)) ? 1 : 2], context)),
  coalesce: define(1, Infinity, (args) => args.find((value) => !isBlank(value)) ?? ''),
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

/** @param {import('../values.js').Value} value */
function isBlank(value) {
  return toText(value) === '' || (typeof value === 'number' && Number.isNaN(value))
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
