/**
 * The lexical forms of answers by type (XForms bind types; ODK XForms "Data Types").
 */
import { DateValue, dateText, readDate, readTime } from './calendar.js'
import { numberText, toNumber, toText } from './values.js'

const INTEGER = /^[+-]?\d+$/
const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/
const DECIMAL_COMMA = /^[+-]?\d*,\d+$/
// "1,000" is a thousand to some and one to others: rather an error that is shown than a guess.
const THOUSANDS = /^[+-]?[1-9]\d{0,2},\d{3}$/
const DATE_TEXT = /^\d{4,}-\d{2}-\d{2}$/
const MOMENT_TEXT = /^\d{4,}-\d{2}-\d{2}T/
const ZONE = () => 0
// The zeros of the scripts whose decimal digits stand in a row in Unicode.
const ZEROS = [0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0, 0xf20, 0x1040, 0x17e0, 0x1810, 0xff10]

/** @type {Record<string, (value: string) => boolean>} */
const FORMS = {
  int: (value) => INTEGER.test(value),
  decimal: (value) => DECIMAL.test(value),
  boolean: (value) => ['true', 'false', '1', '0'].includes(value),
  date: (value) => DATE_TEXT.test(value) && readDate(value, ZONE) !== null,
  time: (value) => readTime(value) !== null,
  dateTime: (value) => MOMENT_TEXT.test(value) && readDate(value, ZONE) !== null,
  geopoint: isPoint,
  geotrace: (value) => pointsIn(value).length >= 2 && pointsIn(value).every(isPoint),
  geoshape: (value) => pointsIn(value).length >= 3 && pointsIn(value).every(isPoint),
}

/**
 * Says whether an answer has its type's form. No answer fits every type.
 *
 * @param {string} value
 * @param {string | undefined} type
 */
export function fitsType(value, type) {
  const fits = type === undefined ? undefined : FORMS[type]
  return value === '' || fits === undefined || fits(value)
}

/**
 * Gives what is stored for what was typed: digits of any script become 0 to 9, a decimal comma a point. What is no
 * number stays as it was typed, so that it can be shown and put right.
 *
 * @param {string} value
 * @param {string | undefined} type
 */
export function normalised(value, type) {
  if (type !== 'int' && type !== 'decimal') return value
  const plain = withPlainDigits(value).trim()
  if (type === 'decimal' && DECIMAL_COMMA.test(plain) && !THOUSANDS.test(plain)) return plain.replace(/,/, '.')
  return fitsType(plain, type) ? plain : value
}

/** @param {string} value */
function withPlainDigits(value) {
  if (!/[^\x20-\x7e]/.test(value)) return value
  return [...value].map(plainDigit).join('')
}

/** @param {string} character */
function plainDigit(character) {
  const code = character.codePointAt(0) ?? 0
  const zero = ZEROS.find((start) => code >= start && code <= start + 9)
  if (zero !== undefined) return String(code - zero)
  // Arabic decimal comma, full-width full stop, comma and minus; the minus sign proper.
  return { '\u066b': '.', '\uff0e': '.', '\uff0c': ',', '\uff0d': '-', '\u2212': '-' }[character] ?? character
}

/** @param {string} value */
function isPoint(value) {
  const numbers = value.trim().split(/\s+/)
  if (numbers.length < 2 || numbers.length > 4 || !numbers.every((number) => DECIMAL.test(number))) return false
  return Math.abs(Number(numbers[0])) <= 90 && Math.abs(Number(numbers[1])) <= 180
}

/** @param {string} value */
function pointsIn(value) {
  return value.split(';').map((point) => point.trim()).filter((point) => point !== '')
}

/**
 * Gives a computed value as the answer of a question of that type; `""` for a number that is none.
 *
 * @param {import('./values.js').Value} value
 * @param {string | undefined} type
 * @param {import('./calendar.js').Zone} zone
 */
export function answerOf(value, type, zone) {
  if (typeof value === 'number' && Number.isNaN(value)) return ''
  if (type === 'int') return wholeNumber(value, zone)
  if (value instanceof DateValue) {
    if (type === 'date') return value.days === null ? value.text.slice(0, 10) : dateText(value.days)
    if (type === 'time' && value.days === null) return value.text.slice(value.text.indexOf('T') + 1)
    if (type === 'dateTime' && value.isSum) return dateText(/** @type {number} */ (value.days))
  }
  if (type === 'date' && typeof value === 'number') return dateText(Math.floor(value))
  return toText(value)
}

/**
 * @param {import('./values.js').Value} value
 * @param {import('./calendar.js').Zone} zone
 */
function wholeNumber(value, zone) {
  const text = toText(value)
  // Text that is an integer already stays as it is: a number of 17 digits would not survive the way through a double.
  if (INTEGER.test(text)) return text
  const number = toNumber(value, zone)
  return Number.isFinite(number) ? numberText(Math.trunc(number)) : text
}
