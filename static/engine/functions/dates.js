/**
 * Functions of dates and times (ODK XForms "Date and Time Functions").
 */
import { define } from './define.js'
import { DateValue, dateOf, fromDays, fromInstant, momentText, readTime } from '../calendar.js'
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
  // Of no specification, but authors use it (corpus: 19 forms).
  'difference-in-months': define(2, 2, ([from, to], { env }) => monthsBetween(dated(from, env.zone), dated(to, env.zone), env.zone)),
}

/**
 * Gives the date that the local clock shows, as days since 1970-01-01.
 *
 * @param {number} ms UTC
 * @param {Zone} zone
 */
export function localDays(ms, zone) {
  return Math.floor((ms + zone(ms) * 60000) / DAY)
}

/**
 * Gives the local date of a date or moment, as days since 1970-01-01.
 *
 * @param {DateValue} date
 * @param {Zone} zone
 */
export function dayOfDate(date, zone) {
  return date.days ?? localDays(date.ms, zone)
}

/**
 * Gives the date that a value names or, of a number, counts.
 *
 * @param {Value} value
 * @param {Zone} zone
 */
export function dated(value, zone) {
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
 * Gives the whole months from one date to another.
 *
 * @param {DateValue | null} from
 * @param {DateValue | null} to
 * @param {Zone} zone
 */
export function monthsBetween(from, to, zone) {
  if (from === null || to === null) return NaN
  const [a, b] = [dateOf(dayOfDate(from, zone)), dateOf(dayOfDate(to, zone))]
  return (b.year - a.year) * 12 + b.month - a.month - (b.day < a.day ? 1 : 0)
}
