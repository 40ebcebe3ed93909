/** Days of other calendars, by what Intl knows of them. */

const DAY_MS = 86400000
const FIRST_DAY = Date.UTC(1000, 0, 1) / DAY_MS
const LAST_DAY = Date.UTC(2999, 11, 31) / DAY_MS

/** @type {Map<string, Intl.DateTimeFormat>} making one takes longer than all its use */
const formats = new Map()

/**
 * Says whether the browser knows a calendar.
 *
 * @param {string} calendar its name in Intl
 * @returns {boolean}
 */
export function isKnown(calendar) {
  return formatOf(calendar).resolvedOptions().calendar === calendar
}

/**
 * Gives year, month and day of a Gregorian date in another calendar; null for what is no date.
 *
 * @param {string} calendar
 * @param {string} date such as `2024-09-11`
 * @returns {number[]|null}
 */
export function fromGregorian(calendar, date) {
  const time = /^\d{4}-\d\d-\d\d$/.test(date) ? Date.parse(`${date}T00:00Z`) : NaN
  const isDay = !Number.isNaN(time) && new Date(time).toISOString().startsWith(date)
  return isDay ? partsOf(calendar, time) : null
}

/**
 * Gives the Gregorian date of a day in another calendar; null where that calendar has no such day. Intl only converts
 * the other way, so the day is searched among those of the Gregorian years 1000 to 2999.
 *
 * @param {string} calendar
 * @param {number[]} wanted year, month from 1, day
 * @returns {string|null}
 */
export function toGregorian(calendar, wanted) {
  let [low, high] = [FIRST_DAY, LAST_DAY]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (compare(partsOf(calendar, middle * DAY_MS), wanted) < 0) low = middle + 1
    else high = middle
  }
  return compare(partsOf(calendar, low * DAY_MS), wanted) === 0 ? new Date(low * DAY_MS).toISOString().slice(0, 10) : null
}

/**
 * @param {number[]} a
 * @param {number[]} b
 */
function compare(a, b) {
  const at = a.findIndex((part, i) => part !== b[i])
  return at < 0 ? 0 : a[at] - b[at]
}

/**
 * @param {string} calendar
 * @param {number} time milliseconds
 * @returns {number[]}
 */
function partsOf(calendar, time) {
  const parts = formatOf(calendar).formatToParts(time)
  return ['year', 'month', 'day'].map((type) => Number(parts.find((part) => part.type === type)?.value))
}

/** @param {string} calendar */
function formatOf(calendar) {
  const known = formats.get(calendar)
  if (known) return known
  const format = new Intl.DateTimeFormat(`en-u-ca-${calendar}-nu-latn`, { year: 'numeric', month: 'numeric', day: 'numeric', timeZone: 'UTC' })
  formats.set(calendar, format)
  return format
}
