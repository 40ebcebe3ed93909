/**
 * Dates and times as numbers (ODK XForms "Date and Time Functions"), and functions of spans of time that are of no specification, which
 * some authors use (corpus: 19 forms, 3, 2 and 1).
 */
import { dated, dayOfDate, localDays } from './dates.js'
import { define } from './define.js'
import { dateOf, daysInMonth, daysOf, fromDays, fromInstant, readTime } from '../calendar.js'
import { toNumber, toText } from '../values.js'

/** @typedef {import('../values.js').Value} Value */
/** @typedef {import('../calendar.js').Zone} Zone */
/** @typedef {import('../calendar.js').DateValue} DateValue */

const DAY_LENGTH_MS = 86400000

/** @type {Record<string, import('./define.js').FunctionDefinition>} */
export const SPAN_FUNCTIONS = {
  'decimal-date-time': define(1, 1, ([value], { env }) => dated(value, env.zone)?.number ?? NaN),
  'decimal-time': define(1, 1, ([value], { env }) => decimalTime(toText(value).trim(), env)),
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
 * @param {Value} from
 * @param {Value} to
 * @param {Zone} zone
 */
function daysBetween(from, to, zone) {
  const [first, last] = [dated(from, zone), dated(to, zone)]
  return first === null || last === null ? NaN : dayOfDate(last, zone) - dayOfDate(first, zone)
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
  const timeOfDay = date.days !== null ? 0 : date.ms + zone(date.ms) * 60000 - localDays(date.ms, zone) * DAY_LENGTH_MS
  return fromInstant(fromDays(day, zone).ms + timeOfDay + time, zone)
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
  return (((time.ms + shift * 60000) % DAY_LENGTH_MS) + DAY_LENGTH_MS) % DAY_LENGTH_MS / DAY_LENGTH_MS
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
