/**
 * Splits an XPath 1.0 expression into tokens (W3C XPath 1.0, section 3.7).
 */

/** A fault in an expression: what is wrong, and at which character (from 0). */
export class ExpressionError extends Error {
  /**
   * @param {string} code stable name of the kind of fault
   * @param {string} message sentence in English
   * @param {number} at offset in the expression's text
   */
  constructor(code, message, at) {
    super(message)
    this.code = code
    this.at = at
  }
}

/**
 * @typedef {{kind: 'number'|'string'|'name'|'operator'|'symbol'|'end', text: string, at: number}} Token
 */

const SPACE = /[\s\u00a0\u200b\ufeff]+/y
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y
const NAME = /[\p{L}_][\p{L}\p{N}\p{M}_.-]*(?::[\p{L}_][\p{L}\p{N}\p{M}_.-]*)?/uy
const WORD_OPERATOR = /and|or|div|mod/y
const SYMBOLS = ['::', '//', '..', '!=', '<=', '>=', '(', ')', '[', ']', '.', '@', ',', '/', '|', '+', '-', '=', '<', '>', '*']
const OPERATOR_SYMBOLS = new Set(['!=', '<=', '>=', '=', '<', '>', '+', '-', '|'])
// Word processors turn straight quotes into curly ones; authors paste them into formulas (field report A46).
/** @type {Record<string, string>} */
const CLOSING_QUOTES = { '"': '"', "'": "'", '\u2018': '\u2019', '\u201c': '\u201d' }

/**
 * Gives the tokens of an expression, the last one of kind `end`.
 *
 * @param {string} text
 * @returns {Token[]}
 * @throws {ExpressionError} where a character belongs to no token
 */
export function tokenize(text) {
  /** @type {Token[]} */
  const tokens = []
  let at = skipSpace(text, 0)
  while (at < text.length) {
    const token = nextToken(text, at, endsOperand(tokens[tokens.length - 1]))
    tokens.push(token)
    at = skipSpace(text, at + lengthOf(token))
  }
  tokens.push({ kind: 'end', text: '', at: text.length })
  return tokens
}

/**
 * @param {string} text
 * @param {number} at
 * @param {boolean} afterOperand whether an operator is expected here: decides what `*`, `div` and the like mean
 * @returns {Token}
 */
function nextToken(text, at, afterOperand) {
  const first = text[at]
  if (first in CLOSING_QUOTES) return stringToken(text, at)
  const number = match(NUMBER, text, at)
  if (number !== null) return { kind: 'number', text: number, at }
  if (afterOperand) {
    const word = match(WORD_OPERATOR, text, at)
    if (word !== null) return { kind: 'operator', text: word, at }
    if (first === '*') return { kind: 'operator', text: '*', at }
  }
  const name = match(NAME, text, at)
  if (name !== null) return { kind: 'name', text: withoutAxis(name, text, at), at }
  const symbol = SYMBOLS.find((candidate) => text.startsWith(candidate, at))
  if (symbol !== undefined) return { kind: OPERATOR_SYMBOLS.has(symbol) ? 'operator' : 'symbol', text: symbol, at }
  if (text.startsWith('${', at)) {
    const reference = text.slice(at).split('}', 1)[0] + '}'
    throw new ExpressionError('unknown_reference', `${reference} names no question of this form.`, at)
  }
  throw new ExpressionError('syntax', `The character ${JSON.stringify(first)} cannot stand here.`, at)
}

/**
 * @param {string} text
 * @param {number} at
 * @returns {Token}
 */
function stringToken(text, at) {
  const closing = CLOSING_QUOTES[text[at]]
  let end = text.indexOf(closing, at + 1)
  // A pair may be half curly, or curly the wrong way round.
  if (end < 0 && text[at] > '\u2000') end = text.indexOf(text[at], at + 1)
  if (end < 0) throw new ExpressionError('syntax', 'A text in quotes is not closed.', at)
  return { kind: 'string', text: text.slice(at + 1, end), at }
}

/**
 * The regular expression reads `self::node` as the name `self` only: a name never ends in a colon.
 * What remains is a name that the axis separator cuts (`child:` of `child::x`).
 *
 * @param {string} name
 * @param {string} text
 * @param {number} at
 */
function withoutAxis(name, text, at) {
  const axis = text.indexOf('::', at)
  return axis >= 0 && axis < at + name.length ? text.slice(at, axis) : name
}

/** @param {Token} token */
function lengthOf(token) {
  return token.kind === 'string' ? token.text.length + 2 : token.text.length
}

/**
 * @param {RegExp} pattern sticky
 * @param {string} text
 * @param {number} at
 * @returns {string | null}
 */
function match(pattern, text, at) {
  pattern.lastIndex = at
  const found = pattern.exec(text)
  return found === null ? null : found[0]
}

/**
 * @param {string} text
 * @param {number} at
 */
function skipSpace(text, at) {
  const space = match(SPACE, text, at)
  return space === null ? at : at + space.length
}

/** @param {Token | undefined} token */
function endsOperand(token) {
  if (token === undefined) return false
  if (token.kind === 'number' || token.kind === 'string' || token.kind === 'name') return true
  return token.kind === 'symbol' ? [')', ']', '.', '..', '*'].includes(token.text) : false
}
