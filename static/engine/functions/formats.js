/**
 * `format-date()` and `format-date-time()` (ODK XForms "Date and Time Functions"), with months and days in Chinese or English.
 */
import { dated } from './dates.js'
import { define } from './define.js'
import { dateOf, daysOf, padded } from '../calendar.js'
import { toText } from '../values.js'

/** @typedef {import('../values.js').Value} Value */

const MS_PER_DAY = 86400000

/** @type {Record<string, import('./define.js').FunctionDefinition>} */
export const FORMAT_FUNCTIONS = {
  'format-date': define(2, 2, ([value, format], { env }) => formatted(value, toText(format), env)),
  'format-date-time': define(2, 2, ([value, format], { env }) => formatted(value, toText(format), env)),
}

/**
 * @param {Value} value
 * @param {string} format
 * @param {import('../evaluate.js').Environment} env
 */
function formatted(value, format, env) {
  const date = dated(value, env.zone)
  if (date === null) return ''
  const local = date.days !== null ? date.days * MS_PER_DAY : date.ms + env.zone(date.ms) * 60000
  const days = Math.floor(local / MS_PER_DAY)
  const parts = { days, ms: local - days * MS_PER_DAY, ...dateOf(days) }
  const names = NAMES[env.language()] ?? NAMES.en
  return format.replace(/%(.)/g, (whole, letter) => FORMATS[letter]?.(parts, names) ?? (letter === '%' ? '%' : whole))
}

/** @typedef {{days: number, ms: number, year: number, month: number, day: number}} DateParts */
/** @typedef {{months: string[], days: string[]}} Names */

/** @type {Record<string, (parts: DateParts, names: Names) => string>} */
const FORMATS = {
  Y: ({ year }) => padded(year, 4),
  y: ({ year }) => padded(year % 100, 2),
  m: ({ month }) => padded(month, 2),
  n: ({ month }) => String(month),
  b: ({ month }, names) => names.months[month - 1],
  d: ({ day }) => padded(day, 2),
  e: ({ day }) => String(day),
  H: ({ ms }) => padded(Math.floor(ms / 3600000), 2),
  h: ({ ms }) => String(Math.floor(ms / 3600000)),
  M: ({ ms }) => padded(Math.floor(ms / 60000) % 60, 2),
  S: ({ ms }) => padded(Math.floor(ms / 1000) % 60, 2),
  3: ({ ms }) => padded(Math.floor(ms) % 1000, 3),
  a: ({ days }, names) => names.days[weekday(days)],
  W: ({ days, year }) => String(weekOf(days, year)),
}

/** @type {Record<string, Names>} */
const NAMES = {
  en: {
    months: ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
    days: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
  },
  zh: {
    months: ['1月', '2月', '3月', '4月', '5月', '6月', '7月', '8月', '9月', '10月', '11月', '12月'],
    days: ['周日', '周一', '周二', '周三', '周四', '周五', '周六'],
  },
}

/** @param {number} days since 1970-01-01, a Thursday */
function weekday(days) {
  return (((days + 4) % 7) + 7) % 7
}

/**
 * Gives the ISO 8601 week.
 *
 * @param {number} days
 * @param {number} year
 */
function weekOf(days, year) {
  const thursday = days - ((weekday(days) + 6) % 7) + 3
  const ofYear = thursday < daysOf(year, 1, 1) ? year - 1 : thursday >= daysOf(year + 1, 1, 1) ? year + 1 : year
  return Math.floor((thursday - daysOf(ofYear, 1, 1)) / 7) + 1
}
