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
 * @typedef {{kind: 'number'|'string'|'name'|'path'|'operator'|'symbol'|'end', text: string, at: number}} Token
 * `path`: an absolute path of plain names, `/data/group/age`, most of what formulas consist of
 */

const SPACE = /[\s\u00a0\u200b\ufeff]*/y
const OTHER = String.raw`((?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)|"([^"]*)"|'([^']*)'|(::|//|\.\.|!=|<=|>=|[()[\].@,/|+\-=<>*])`
const PLAIN_NAME = String.raw`[A-Za-z_][\w.-]*`
const NAME = `(${PLAIN_NAME}(?::${PLAIN_NAME})?)`
// What comes next decides what a word or a slash means, so there is a pattern for each case.
const OPERAND = new RegExp(String.raw`(/${PLAIN_NAME}(?:/${PLAIN_NAME})*(?![\w.:(-]))|${NAME}|${OTHER}`, 'y')
const OPERATOR = new RegExp(`(and|or|div|mod)|${NAME}|${OTHER}`, 'y')
const OPERATORS = new Set(['!=', '<=', '>=', '=', '<', '>', '+', '-', '|', '*'])
const OPERAND_ENDS = new Set([')', ']', '.', '..', '*'])
// Word processors turn straight quotes into curly ones; authors paste them into formulas (field report A46).
/** @type {Record<string, string>} */
const CLOSING_QUOTES = { '\u2018': '\u2019', '\u201c': '\u201d' }

/** @type {RegExp | null} names in any script: costly to make, and few formulas have others than English letters */
let anyName = null

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
  let afterOperand = false
  let at = skipSpace(text, 0)
  while (at < text.length) {
    const token = nextToken(text, at, afterOperand)
    tokens.push(token)
    const { kind } = token
    afterOperand = kind === 'symbol' ? OPERAND_ENDS.has(token.text) : kind !== 'operator'
    at += kind === 'string' ? token.text.length + 2 : token.text.length
    const code = text.charCodeAt(at)
    if (code <= 32 || code > 126) at = skipSpace(text, at)
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
  const pattern = afterOperand ? OPERATOR : OPERAND
  pattern.lastIndex = at
  const found = pattern.exec(text)
  if (found === null) return oddToken(text, at)
  // By index: to take the match apart by an array pattern is slow where a form is opened for the first time.
  const symbol = found[6]
  if (symbol !== undefined) return { kind: OPERATORS.has(symbol) && (symbol !== '*' || afterOperand) ? 'operator' : 'symbol', text: symbol, at }
  if (found[3] !== undefined) return { kind: 'number', text: found[3], at }
  const quoted = found[4] ?? found[5]
  if (quoted !== undefined) return { kind: 'string', text: quoted, at }
  const whole = found[0]
  const isFirst = found[1] !== undefined
  if (afterOperand && isFirst) return { kind: 'operator', text: whole, at }
  if (text.charCodeAt(at + whole.length) > 126) return isFirst ? { kind: 'symbol', text: '/', at } : oddToken(text, at)
  return { kind: isFirst ? 'path' : 'name', text: whole, at }
}

/**
 * Gives a token that has letters of other scripts or curly quotes in it.
 *
 * @param {string} text
 * @param {number} at
 * @returns {Token}
 */
function oddToken(text, at) {
  const first = text[at]
  if (first in CLOSING_QUOTES) return stringToken(text, at)
  anyName ??= /[\p{L}_][\p{L}\p{N}\p{M}_.-]*(?::[\p{L}_][\p{L}\p{N}\p{M}_.-]*)?/uy
  anyName.lastIndex = at
  const name = anyName.exec(text)
  if (name !== null) return { kind: 'name', text: name[0], at }
  if (first === '"' || first === "'") throw new ExpressionError('syntax', 'A text in quotes is not closed.', at)
  if (!text.startsWith('${', at)) throw new ExpressionError('syntax', `The character ${JSON.stringify(first)} cannot stand here.`, at)
  throw new ExpressionError('unknown_reference', `${text.slice(at).split('}', 1)[0]}} names no question of this form.`, at)
}

/**
 * @param {string} text
 * @param {number} at of an opening curly quote
 * @returns {Token}
 */
function stringToken(text, at) {
  let end = text.indexOf(CLOSING_QUOTES[text[at]], at + 1)
  // A pair may be half curly, or curly the wrong way round.
  if (end < 0) end = text.indexOf(text[at], at + 1)
  if (end < 0) throw new ExpressionError('syntax', 'A text in quotes is not closed.', at)
  return { kind: 'string', text: text.slice(at + 1, end), at }
}

/**
 * @param {string} text
 * @param {number} at
 */
function skipSpace(text, at) {
  SPACE.lastIndex = at
  SPACE.exec(text)
  return SPACE.lastIndex
}
