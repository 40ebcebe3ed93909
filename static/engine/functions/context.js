/**
 * Functions that ask the host (ODK XForms "Utility Functions").
 */
import { define } from './define.js'
import { toNumber } from '../values.js'
import { ExpressionError } from '../lexer.js'

/** @type {Record<string, import('./define.js').FunctionDefinition>} */
export const CONTEXT_FUNCTIONS = {
  uuid: define(0, 1, ([length], { env }) => (length === undefined ? env.uuid() : randomText(toNumber(length, env.zone), env.random))),
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/**
 * @param {number} length
 * @param {() => number} random
 */
function randomText(length, random) {
  if (Number.isNaN(length)) throw new ExpressionError('not_a_length', 'uuid() takes a number.', 0)
  return Array.from({ length: Math.min(Math.max(length, 0), 1000) }, () => LETTERS[Math.floor(random() * LETTERS.length)]).join('')
}
