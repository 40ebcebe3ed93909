/**
 * Functions of dates and times (ODK XForms "Date and Time Functions").
 */
import { define } from './define.js'
import { DateValue, fromDays, fromInstant, momentText } from '../calendar.js'
import { toDate, toNumber } from '../values.js'

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
