/** @import { FormNode, Widget, WidgetContext } from '../fill/types.js' */
import { el } from '../dom.js'
import { t } from '../i18n/i18n.js'
import { createBoxes } from './boxes.js'
import { hasAppearance } from './input.js'

/** Year, month and day are controls of their own. */
export const isGroup = true

/** @returns {import('./boxes.js').Box[]} */
export function dateBoxes() {
  return [{ label: t('widget.year'), length: 4 }, { label: t('widget.month'), length: 2, firstDigit: 1 }, { label: t('widget.day'), length: 2, firstDigit: 3 }]
}

/**
 * Gives the lexical date of typed parts: `2019-05-01` for `['2019', '5', '1']`, `''` where nothing is typed. A date
 * that is not whole stays as it was typed, `2019-5-`: the draft keeps it and the form says that it is no date.
 *
 * @param {string[]} parts year, month, day
 * @returns {string}
 */
export function joinDate(parts) {
  const [year = '', month = '', day = ''] = parts
  if (!year && !month && !day) return ''
  const isWhole = year.length === 4 && month !== '' && day !== ''
  return isWhole ? `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}` : `${year}-${month}-${day}`
}

/**
 * Gives year, month and day of a lexical date, whole or not.
 *
 * @param {string} value
 * @returns {string[]}
 */
export function splitDate(value) {
  const parts = value.split('-').map((part) => part.replace(/\D.*$/, ''))
  return [parts[0] ?? '', parts[1] ?? '', parts[2] ?? '']
}

/**
 * Gives how many parts of a date the question asks for: 3, 2 with the appearance `month-year`, 1 with `year`.
 *
 * @param {FormNode} node
 * @returns {number}
 */
function asked(node) {
  return hasAppearance(node, 'year') ? 1 : hasAppearance(node, 'month-year') ? 2 : 3
}

/**
 * How a question's date is typed and kept. Parts are year, month and day as typed.
 *
 * @typedef {object} Reckoning
 * @property {(parts: string[]) => string} join gives what is stored, `''` where nothing is typed
 * @property {(value: string) => string[]} split gives the parts of what is stored
 * @property {(value: string, count: number) => string} inWords gives what is shown beneath, `''` for what is no date
 */

/** @type {Reckoning} */
const GREGORIAN = { join: joinDate, split: splitDate, inWords }

/**
 * A date, typed year first, or chosen in steps (A42), or taken from the phone's calendar unless the appearance is `no-calendar`.
 *
 * @param {WidgetContext} context
 * @returns {Widget}
 */
export function create(context) {
  return dateWidget(context, GREGORIAN)
}

/**
 * Gives the widget of a date in some calendar. What is not asked is stored as 01. The day of the week, or the month in
 * words, below the boxes lets the volunteer check what was typed.
 *
 * @param {WidgetContext} context
 * @param {Reckoning} reckoning
 * @returns {Widget}
 */
export function dateWidget(context, reckoning) {
  const { node, changed, register, advance } = context
  const count = asked(node)
  const spoken = el('p', { class: 'date__spoken soft', 'aria-live': 'polite' })
  const say = () => { spoken.textContent = reckoning.inWords(node.value, count) }
  const boxes = createBoxes(dateBoxes().slice(0, count), {
    register,
    advance,
    typed: (parts) => {
      changed(reckoning.join(parts.some(Boolean) ? [...parts, '01', '01'].slice(0, 3) : []))
      say()
    },
  })
  const update = () => {
    boxes.write(reckoning.split(node.value).slice(0, count))
    say()
  }
  const take = (/** @type {string} */ day) => {
    const parts = reckoning.split(day).map((part, i) => (i < count ? part : '01'))
    changed(reckoning.join(parts))
    update()
  }
  boxes.settle(update)
  update()
  const today = count === 3 && el('button', { type: 'button', class: 'button', onclick: () => take(localDay(new Date())) }, t('widget.today'))
  const choose = reckoning === GREGORIAN && stepsButton(context, count, () => node.value, take)
  return { element: el('div', { class: 'date' }, boxes.element, el('div', { class: 'date__foot' }, choose, today), spoken), update, focus: boxes.focus }
}

/**
 * Gives the button that lets a date be chosen in steps.
 *
 * @param {WidgetContext} context
 * @param {number} count parts that are asked for
 * @param {() => string} value gives the date as it is
 * @param {(day: string) => void} take is given the chosen date
 * @returns {HTMLElement}
 */
export function stepsButton({ form, node }, count, value, take) {
  const button = el('button', { type: 'button', class: 'button', 'aria-haspopup': 'dialog', onclick: async () => {
    try {
      const { chooseDate } = await import('./date-steps.js')
      const day = await chooseDate(button, { title: form.text(node, 'label') || node.name, value: value(), count, hasCalendar: !hasAppearance(node, 'no-calendar') })
      if (day) take(day)
    } catch {
      // Without a signal, on a phone that does not keep the client yet, the date is typed.
      button.disabled = true
    }
  } }, t('widget.pick'))
  return button
}

/**
 * Gives the day that a moment falls on by the phone's clock.
 *
 * @param {Date} moment
 * @returns {string}
 */
export function localDay(moment) {
  return joinDate([String(moment.getFullYear()), String(moment.getMonth() + 1), String(moment.getDate())])
}

/**
 * Gives a whole date in the words of the page's language, `''` for anything else.
 *
 * @param {string} value
 * @param {number} count parts that are asked for
 * @param {string} [calendar] its name in Intl
 */
export function inWords(value, count, calendar = 'gregory') {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(value)
  if (!match || count === 1) return ''
  const date = new Date(Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])))
  if (date.getUTCDate() !== Number(match[3])) return ''
  /** @type {Intl.DateTimeFormatOptions} */
  const options = count === 3 ? { dateStyle: 'full' } : { year: 'numeric', month: 'long' }
  return new Intl.DateTimeFormat(document.documentElement.lang || undefined, { ...options, calendar, timeZone: 'UTC' }).format(date)
}
