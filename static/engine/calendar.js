/**
 * Calendar arithmetic and ISO 8601 text, in the zone that the host gives. Days count from 1970-01-01.
 */

/** @typedef {(ms: number) => number} Zone minutes east of UTC that the local clock shows at an instant */

const DAY_MS = 86400000
const DATE = /^(-?\d{4,})-(\d{1,2})-(\d{1,2})$/
const DATE_TIME = /^(-?\d{4,})-(\d{1,2})-(\d{1,2})T(.+)$/
const TIME = /^(\d{1,2}):(\d{2})(?::(\d{2})(\.\d+)?)?(Z|[+-]\d{2}(?::?\d{2})?)?$/

/**
 * A date or a moment, as expressions hold it.
 *
 * A date without a time counts in whole calendar days, so that sums and differences do not lose an hour where the
 * clocks change; it becomes a moment (local midnight) only where a number is asked for.
 */
export class DateValue {
  /**
   * @param {number | null} days the date; null for a moment with a time of day
   * @param {number} ms the moment, UTC
   * @param {string} text as it was written, or ISO 8601 in local time
   * @param {boolean} isSum whether it came of `date + number`, which expressions see as a number
   */
  constructor(days, ms, text, isSum = false) {
    this.days = days
    this.ms = ms
    this.text = text
    this.isSum = isSum
  }

  /** Days since 1970-01-01T00:00Z, with a fraction. */
  get number() {
    return this.ms / DAY_MS
  }
}

/**
 * Gives the days since 1970-01-01 of a date in the proleptic Gregorian calendar.
 *
 * @param {number} year
 * @param {number} month 1 to 12
 * @param {number} day
 */
export function daysOf(year, month, day) {
  const shifted = month <= 2 ? year - 1 : year
  const era = Math.floor(shifted / 400)
  const yearOfEra = shifted - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146097 + dayOfEra - 719468
}

/**
 * Gives the date of a count of days.
 *
 * @param {number} days
 * @returns {{year: number, month: number, day: number}}
 */
export function dateOf(days) {
  const shifted = days + 719468
  const era = Math.floor(shifted / 146097)
  const dayOfEra = shifted - era * 146097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day }
}

/**
 * Gives the number of days of a month.
 *
 * @param {number} year
 * @param {number} month 1 to 12
 */
export function daysInMonth(year, month) {
  return month === 12 ? 31 : daysOf(year, month + 1, 1) - daysOf(year, month, 1)
}

/**
 * Gives the moment at which the local clock shows a count of milliseconds since 1970-01-01 00:00.
 *
 * @param {number} local
 * @param {Zone} zone
 */
export function toInstant(local, zone) {
  const guess = local - zone(local) * 60000
  return local - zone(guess) * 60000
}

/**
 * Gives the date of a count of days as a value of expressions.
 *
 * @param {number} days
 * @param {Zone} zone
 */
export function fromDays(days, zone, isSum = false) {
  return new DateValue(days, toInstant(days * DAY_MS, zone), dateText(days), isSum)
}

/**
 * Gives the moment as a value of expressions: a date where it is midnight of the local clock.
 *
 * @param {number} ms UTC
 * @param {Zone} zone
 */
export function fromInstant(ms, zone) {
  const local = ms + zone(ms) * 60000
  if (local % DAY_MS === 0) return fromDays(local / DAY_MS, zone)
  return new DateValue(null, ms, momentText(ms, zone))
}

/**
 * Reads an ISO 8601 date or dateTime; null where the text is neither, or names no day of the calendar.
 *
 * @param {string} text
 * @param {Zone} zone the local zone, for moments written without one
 * @returns {DateValue | null}
 */
export function readDate(text, zone) {
  const date = DATE.exec(text)
  if (date !== null) {
    const days = readDays(date)
    return days === null ? null : fromDays(days, zone)
  }
  const moment = DATE_TIME.exec(text)
  if (moment === null) return null
  const days = readDays(moment)
  const time = readTime(moment[4])
  if (days === null || time === null) return null
  const local = days * DAY_MS + time.ms
  const ms = time.offset === null ? toInstant(local, zone) : local - time.offset * 60000
  return new DateValue(null, ms, text)
}

/** @param {RegExpExecArray} parts */
function readDays(parts) {
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])]
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null
  return daysOf(year, month, day)
}

/**
 * Reads an ISO 8601 time of day; null where the text is none.
 *
 * @param {string} text such as `09:43:10.000+08:00`
 * @returns {{ms: number, offset: number | null} | null} milliseconds after midnight; minutes east of UTC if given
 */
export function readTime(text) {
  const parts = TIME.exec(text)
  if (parts === null) return null
  const [hours, minutes, seconds] = [Number(parts[1]), Number(parts[2]), Number(parts[3] ?? 0)]
  if (hours > 23 || minutes > 59 || seconds > 59) return null
  const offset = readOffset(parts[5])
  if (Number.isNaN(offset)) return null
  return { ms: ((hours * 60 + minutes) * 60 + seconds) * 1000 + Math.round(Number(parts[4] ?? 0) * 1000), offset }
}

/** @param {string | undefined} text */
function readOffset(text) {
  if (text === undefined) return null
  if (text === 'Z') return 0
  const [hours, minutes] = [Number(text.slice(1, 3)), Number(text.slice(3).replace(':', '') || 0)]
  if (hours > 14 || minutes > 59) return NaN
  return (text[0] === '-' ? -1 : 1) * (hours * 60 + minutes)
}

/**
 * Gives `2006-03-28`.
 *
 * @param {number} days
 */
export function dateText(days) {
  const { year, month, day } = dateOf(days)
  return `${padded(year, 4)}-${padded(month, 2)}-${padded(day, 2)}`
}

/**
 * Gives `2006-03-28T09:43:10.000+08:00` in local time.
 *
 * @param {number} ms UTC
 * @param {Zone} zone
 */
export function momentText(ms, zone) {
  const whole = Math.round(ms)
  const offset = zone(whole)
  const local = whole + offset * 60000
  const days = Math.floor(local / DAY_MS)
  return `${dateText(days)}T${timeText(local - days * DAY_MS)}${offsetText(offset)}`
}

/**
 * Gives `09:43:10.000`.
 *
 * @param {number} ms after midnight
 */
export function timeText(ms) {
  const seconds = Math.floor(ms / 1000)
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  return `${padded(h, 2)}:${padded(m, 2)}:${padded(s, 2)}.${padded(Math.floor(ms % 1000), 3)}`
}

/**
 * Gives `+08:00`.
 *
 * @param {number} offset minutes east of UTC
 */
export function offsetText(offset) {
  const size = Math.abs(offset)
  return `${offset < 0 ? '-' : '+'}${padded(Math.floor(size / 60), 2)}:${padded(Math.floor(size % 60), 2)}`
}

/**
 * Gives a number with zeros in front.
 *
 * @param {number} value
 * @param {number} width
 */
export function padded(value, width) {
  const digits = String(Math.abs(value)).padStart(width, '0')
  return value < 0 ? `-${digits}` : digits
}
