/**
 * Functions of dates and times (ODK XForms "Date and Time Functions").
 */
import { define } from './define.js'
import { DateValue, dateOf, daysInMonth, daysOf, fromDays, fromInstant, momentText, padded, readTime } from '../calendar.js'
import { toDate, toNumber, toText } from '../values.js'

/** @typedef {import('../values.js').Value} Value */
/** @typedef {import('../calendar.js').Zone} Zone */

const DAY = 86400000

/** @type {Record<string, import('./define.js').FunctionDefinition>} */
export const DATE_FUNCTIONS = {
  today: define(0, 0, (_, { env }) => fromDays(localDays(env.now(), env.zone), env.zone)),
  now: define(0, 0, (_, { env }) => {
    const ms = env.now()
    return new DateValue(null, ms, momentText(ms, env.zone))
  }),
  date: define(1, 1, ([value], { env }) => dated(value, env.zone) ?? ''),
  'date-time': define(1, 1, ([value], { env }) => dated(value, env.zone) ?? ''),
  'decimal-date-time': define(1, 1, ([value], { env }) => dated(value, env.zone)?.number ?? NaN),
  'decimal-time': define(1, 1, ([value], { env }) => decimalTime(toText(value).trim(), env)),
  'format-date': define(2, 2, ([value, format], { env }) => formatted(value, toText(format), env)),
  'format-date-time': define(2, 2, ([value, format], { env }) => formatted(value, toText(format), env)),
  // These three are of no specification; authors use them (corpus: 19, 3 and 2 forms).
  'difference-in-months': define(2, 2, ([from, to], { env }) => monthsBetween(dated(from, env.zone), dated(to, env.zone), env.zone)),
  'add-date': define(4, 7, ([value, ...amounts], { env }) =>
    added(dated(value, env.zone), amounts.map((amount) => toNumber(amount, env.zone)), env.zone),
  ),
  'parse-timestamp-to-date': define(1, 1, ([value], { env }) => {
    const ms = toNumber(value, env.zone)
    return Number.isFinite(ms) ? fromInstant(ms, env.zone) : ''
  }),
  'cht:difference-in-days': define(2, 2, ([from, to], { env }) => daysBetween(from, to, env.zone)),
  'cht:difference-in-weeks': define(2, 2, ([from, to], { env }) => Math.floor(daysBetween(from, to, env.zone) / 7)),
  'cht:difference-in-months': define(2, 2, ([from, to], { env }) => monthsBetween(dated(from, env.zone), dated(to, env.zone), env.zone)),
  'cht:difference-in-years': define(2, 2, ([from, to], { env }) => Math.floor(monthsBetween(dated(from, env.zone), dated(to, env.zone), env.zone) / 12)),
}

/**
 * @param {number} ms
 * @param {Zone} zone
 */
function localDays(ms, zone) {
  return Math.floor((ms + zone(ms) * 60000) / DAY)
}

/**
 * @param {DateValue} date
 * @param {Zone} zone
 */
function dayOfDate(date, zone) {
  return date.days ?? localDays(date.ms, zone)
}

/**
 * Gives the date that a value names or, of a number, counts.
 *
 * @param {Value} value
 * @param {Zone} zone
 */
function dated(value, zone) {
  if (value instanceof DateValue) return value.isSum ? fromDays(/** @type {number} */ (value.days), zone) : value
  const date = toDate(value, zone)
  if (date !== null || typeof value === 'boolean') return date
  const days = toNumber(value, zone)
  return Number.isFinite(days) ? fromInstant(days * DAY, zone) : null
}

/**
 * Gives a time of day as a part of the day, in local time.
 *
 * @param {string} text
 * @param {import('../evaluate.js').Environment} env
 */
function decimalTime(text, env) {
  const time = readTime(text.includes('T') ? text.slice(text.indexOf('T') + 1) : text)
  if (time === null) return NaN
  const shift = time.offset === null ? 0 : env.zone(env.now()) - time.offset
  return (((time.ms + shift * 60000) % DAY) + DAY) % DAY / DAY
}

/**
 * @param {Value} from
 * @param {Value} to
 * @param {Zone} zone
 */
function daysBetween(from, to, zone) {
  const [first, last] = [dated(from, zone), dated(to, zone)]
  return first === null || last === null ? NaN : dayOfDate(last, zone) - dayOfDate(first, zone)
}

/**
 * Gives the whole months from one date to another.
 *
 * @param {DateValue | null} from
 * @param {DateValue | null} to
 * @param {Zone} zone
 */
function monthsBetween(from, to, zone) {
  if (from === null || to === null) return NaN
  const [a, b] = [dateOf(dayOfDate(from, zone)), dateOf(dayOfDate(to, zone))]
  return (b.year - a.year) * 12 + b.month - a.month - (b.day < a.day ? 1 : 0)
}

/**
 * Gives the date with years, months and days (and hours, minutes) added; the day is cut to the month's length.
 *
 * @param {DateValue | null} date
 * @param {number[]} amounts years, months, days, hours, minutes, seconds
 * @param {Zone} zone
 */
function added(date, [years, months, days, hours = 0, minutes = 0, seconds = 0], zone) {
  if (date === null || ![years, months, days].every(Number.isFinite)) return ''
  const start = dateOf(dayOfDate(date, zone))
  const monthCount = start.year * 12 + start.month - 1 + years * 12 + months
  const [year, month] = [Math.floor(monthCount / 12), (((monthCount % 12) + 12) % 12) + 1]
  const day = daysOf(year, month, Math.min(start.day, daysInMonth(year, month))) + days
  const time = ((hours * 60 + minutes) * 60 + seconds) * 1000
  if (date.days !== null && time === 0) return fromDays(day, zone)
  const timeOfDay = date.days !== null ? 0 : date.ms + zone(date.ms) * 60000 - localDays(date.ms, zone) * DAY
  return fromInstant(fromDays(day, zone).ms + timeOfDay + time, zone)
}

/**
 * @param {Value} value
 * @param {string} format
 * @param {import('../evaluate.js').Environment} env
 */
function formatted(value, format, env) {
  const date = dated(value, env.zone)
  if (date === null) return ''
  const local = date.days !== null ? date.days * DAY : date.ms + env.zone(date.ms) * 60000
  const days = Math.floor(local / DAY)
  const parts = { days, ms: local - days * DAY, ...dateOf(days) }
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
