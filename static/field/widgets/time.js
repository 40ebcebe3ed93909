/** @import { Widget, WidgetContext } from '../fill/types.js' */
import { el } from '../dom.js'
import { t } from '../i18n/i18n.js'
import { createBoxes } from './boxes.js'
import { dateBoxes, joinDate, localDay, splitDate, stepsButton } from './date.js'

/**
 * Gives the offset of a moment's local clock as XForms writes it, such as `+08:00`.
 *
 * @param {Date} date
 * @returns {string}
 */
export function offsetOf(date) {
  const minutes = -date.getTimezoneOffset()
  const size = Math.abs(minutes)
  const two = (/** @type {number} */ number) => String(number).padStart(2, '0')
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`
}

/**
 * Gives the lexical time or dateTime of typed parts, with the offset that the phone's clock shows at that moment.
 * What is not whole stays as it was typed, for the draft to keep.
 *
 * @param {string[]} day year, month, day; empty for a time
 * @param {string[]} clock hour, minute
 * @returns {string}
 */
export function joinTime(day, clock) {
  const [hour = '', minute = ''] = clock
  const date = joinDate(day)
  if (!hour && !minute && !date) return ''
  const prefix = day.length ? `${date}T` : ''
  const isDayWhole = !day.length || /^\d{4}-\d\d-\d\d$/.test(date)
  if (!isDayWhole || !hour || !minute) return `${prefix}${hour}:${minute}`
  const now = new Date()
  const [year, month, dayOfMonth] = day.length ? day.map(Number) : [now.getFullYear(), now.getMonth() + 1, now.getDate()]
  const moment = new Date(year, month - 1, dayOfMonth, Number(hour), Number(minute))
  return `${prefix}${hour.padStart(2, '0')}:${minute.padStart(2, '0')}:00.000${offsetOf(moment)}`
}

/**
 * Gives hour and minute as the stored text shows them: the clock on the wall at the time, whatever zone the phone is in now.
 *
 * @param {string} text
 * @returns {string[]}
 */
export function splitTime(text) {
  const match = /^(\d*):(\d*)/.exec(text)
  return match ? [match[1], match[2]] : ['', '']
}

/**
 * A time of day, or a dateTime with the date before it, typed in boxes of 24 hours. What is stored is shown as it stands:
 * opening it again, in another zone too, shifts nothing.
 *
 * @param {WidgetContext} context
 * @returns {Widget}
 */
export function create(context) {
  const { node, changed, register, advance } = context
  const hasDate = node.def.type === 'dateTime'
  const parts = () => {
    const [day = '', time = ''] = hasDate ? node.value.split('T') : ['', node.value]
    return { day, clock: splitTime(time) }
  }
  const clockBoxes = [{ label: t('widget.hour'), length: 2, firstDigit: 2 }, { label: t('widget.minute'), length: 2, firstDigit: 5 }]
  const split = (/** @type {string[]} */ parts) => (hasDate ? [parts.slice(0, 3), parts.slice(3)] : [[], parts])
  const boxes = createBoxes(hasDate ? [...dateBoxes(), ...clockBoxes] : clockBoxes, {
    register,
    advance,
    typed: (parts) => {
      const [day, time] = split(parts)
      changed(joinTime(day, time))
    },
  })
  const update = () => {
    const { day, clock } = parts()
    boxes.write(hasDate ? [...splitDate(day), ...clock] : clock)
  }
  const put = (/** @type {string[]} */ day, /** @type {string[]} */ time) => {
    changed(joinTime(day, time))
    update()
  }
  boxes.settle(update)
  update()
  const now = el('button', { type: 'button', class: 'button', onclick: () => {
    const date = new Date()
    put(hasDate ? splitDate(localDay(date)) : [], [date.getHours(), date.getMinutes()].map((part) => String(part).padStart(2, '0')))
  } }, t('widget.now'))
  const choose = hasDate && stepsButton(context, 3, () => parts().day, (day) => put(splitDate(day), parts().clock))
  return { element: el('div', { class: 'date' }, boxes.element, el('div', { class: 'date__foot' }, choose, now)), update, focus: boxes.focus }
}
