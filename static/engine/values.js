/**
 * The values of expressions and how they turn into each other (XPath 1.0 sections 3.4 and 4; ODK XForms adds dates).
 */
import { DateValue, readDate } from './calendar.js'

/**
 * A node that expressions can walk: a node of the running form, or a row or cell of a secondary instance.
 *
 * @typedef {object} XNode
 * @property {string} name
 * @property {boolean} isRelevant
 * @property {boolean} [isContainer] holds rows and is itself unseen by paths
 * @property {() => XNode | null} up the parent, null above the root
 * @property {(name: string) => XNode[]} down the children of that name (`*`: all), in document order
 * @property {() => string} text the string value; `""` where not relevant
 */
/** @typedef {string | number | boolean | DateValue | XNode[]} Value */
/** @typedef {import('./calendar.js').Zone} Zone */

// No exponents in XPath; but other engines write very small numbers with one.
const NUMBER_TEXT = /^\s*-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE]-\d+)?\s*$/
// Sums of decimals miss by the last bits: 6.1 - 7.8 is -1.7 to whoever writes the form, as in JavaRosa.
const ROUNDING = 1e-14
const MAYBE_DATE = /^\s*-?\d{4,}-\d/

/**
 * Gives the value as text.
 *
 * @param {Value} value
 * @returns {string}
 */
export function toText(value) {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return numberText(value)
  if (typeof value === 'boolean') return value ? 'true' : 'false'
  if (value instanceof DateValue) return value.isSum ? numberText(value.number) : value.text
  return value.length === 0 ? '' : value[0].text()
}

/**
 * Gives the value as a number, NaN where it is none. Dates count as days since 1970-01-01T00:00Z.
 *
 * @param {Value} value
 * @param {Zone} zone
 * @returns {number}
 */
export function toNumber(value, zone) {
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return value ? 1 : 0
  if (value instanceof DateValue) return value.number
  const text = toText(value)
  if (NUMBER_TEXT.test(text)) return Number(text)
  if (!MAYBE_DATE.test(text)) return NaN
  const date = readDate(text.trim(), zone)
  return date === null ? NaN : date.number
}

/**
 * Gives the truth of a value. A set of nodes is true where it has a node (XPath 1.0, section 4.3).
 *
 * @param {Value} value
 * @returns {boolean}
 */
export function toBoolean(value) {
  if (typeof value === 'boolean') return value
  if (typeof value === 'number') return value !== 0 && !Number.isNaN(value)
  if (value instanceof DateValue) return true
  return value.length > 0
}

/**
 * Gives the date in a value, null where there is none. A number counts days since 1970-01-01T00:00Z.
 *
 * @param {Value} value
 * @param {Zone} zone
 * @returns {DateValue | null}
 */
export function toDate(value, zone) {
  if (value instanceof DateValue) return value
  if (typeof value === 'boolean') return null
  const text = typeof value === 'number' ? '' : toText(value).trim()
  return text === '' ? null : readDate(text, zone)
}

/**
 * Says whether a value, as the whole of a `relevant`, `required` or `constraint`, holds. A path there asks for its
 * answer, as in JavaRosa: a question left open, 0 or false does not hold.
 *
 * @param {Value} value
 */
export function holds(value) {
  if (!Array.isArray(value)) return toBoolean(value)
  const text = toText(value)
  return text !== '' && text !== 'false' && !(NUMBER_TEXT.test(text) && Number(text) === 0)
}

/**
 * Gives a number as XPath writes it: no exponent, no negative zero.
 *
 * @param {number} value
 * @returns {string}
 */
export function numberText(value) {
  if (value === 0) return '0'
  const text = String(value)
  const at = text.indexOf('e')
  return at < 0 ? text : withoutExponent(text, at)
}

/**
 * @param {string} text
 * @param {number} at where the `e` stands
 */
function withoutExponent(text, at) {
  const exponent = Number(text.slice(at + 1))
  const sign = text.startsWith('-') ? '-' : ''
  const [whole, fraction = ''] = text.slice(sign.length, at).split('.')
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${whole}${fraction}`
  return sign + whole + fraction.padEnd(exponent, '0')
}

/**
 * Says how two values compare under an operator of equality or order (XPath 1.0, section 3.4): a set of nodes compares
 * where one of its nodes does.
 *
 * @param {string} op `=`, `!=`, `<`, `<=`, `>` or `>=`
 * @param {Value} left
 * @param {Value} right
 * @param {Zone} zone
 * @returns {boolean}
 */
export function compare(op, left, right, zone) {
  if (op === '=' || op === '!=') {
    if (Array.isArray(left) && typeof right === 'boolean') left = toBoolean(left)
    if (Array.isArray(right) && typeof left === 'boolean') right = toBoolean(right)
  }
  if (Array.isArray(left)) {
    if (left.length === 1) return compare(op, left[0].text(), right, zone)
    return left.some((node) => compare(op, node.text(), right, zone))
  }
  if (Array.isArray(right)) {
    const atom = left
    if (right.length === 1) return compareAtoms(op, atom, right[0].text(), zone)
    return right.some((node) => compareAtoms(op, atom, node.text(), zone))
  }
  return compareAtoms(op, left, right, zone)
}

/**
 * @param {string} op
 * @param {Exclude<Value, XNode[]>} left
 * @param {Exclude<Value, XNode[]>} right
 * @param {Zone} zone
 */
function compareAtoms(op, left, right, zone) {
  if (op === '=') return areEqual(left, right, zone)
  if (op === '!=') return !areEqual(left, right, zone)
  const [a, b] = [toNumber(left, zone), toNumber(right, zone)]
  if (op === '<') return a < b
  if (op === '<=') return a <= b
  return op === '>' ? a > b : a >= b
}

/**
 * @param {Exclude<Value, XNode[]>} left
 * @param {Exclude<Value, XNode[]>} right
 * @param {Zone} zone
 */
function areEqual(left, right, zone) {
  if (typeof left === 'boolean' || typeof right === 'boolean') return toBoolean(left) === toBoolean(right)
  if (typeof left === 'string' && typeof right === 'string') return left === right
  const [a, b] = [toNumber(left, zone), toNumber(right, zone)]
  if (a === b || Math.abs(a - b) <= Math.abs(a) * ROUNDING) return true
  // A date against a text that is none: they differ, and two texts that are equal were met above.
  return !(typeof left === 'number' || typeof right === 'number') && toText(left) === toText(right)
}
