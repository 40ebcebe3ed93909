/**
 * Sums of numbers and dates.
 */
import { DateValue, fromDays } from './calendar.js'
import { toDate, toNumber } from './values.js'

/** @typedef {import('./values.js').Value} Value */
/** @typedef {import('./values.js').Zone} Zone */

/**
 * Gives the sum or difference of two values. Whole days added to a date, and the days between two dates, are counted in the calendar: no hour is lost where the
 * clocks change.
 *
 * @param {Value} left
 * @param {string} op
 * @param {Value} right
 * @param {Zone} zone
 * @returns {number | DateValue}
 */
export function addValues(left, op, right, zone) {
  if (typeof left !== 'number' || typeof right !== 'number') {
    const [from, to] = [dayOf(left, zone), dayOf(right, zone)]
    if (from !== null && to !== null && op === '-') return from - to
    const [days, other] = from !== null ? [from, right] : [to, left]
    const step = days === null || (to !== null && op === '-') ? NaN : toNumber(other, zone)
    if (days !== null && Number.isInteger(step)) return fromDays(op === '-' ? days - step : days + step, zone, true)
  }
  const [a, b] = [toNumber(left, zone), toNumber(right, zone)]
  return op === '-' ? a - b : a + b
}

/**
 * @param {Value} value
 * @param {Zone} zone
 */
function dayOf(value, zone) {
  if (typeof value === 'number' || typeof value === 'boolean') return null
  const date = toDate(value, zone)
  return date === null ? null : date.days
}
