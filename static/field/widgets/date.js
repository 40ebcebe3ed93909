/** @import { FormNode, Widget, WidgetContext } from '../fill/types.js' */
import { el } from '../dom.js'
import { t } from '../i18n/i18n.js'
import { createBoxes } from './boxes.js'
import { hasAppearance } from './input.js'

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
 * A date, typed year first (A42). What is not asked is stored as 01. The day of the week, or the month in words, below
 * the boxes lets the volunteer check what was typed.
 *
 * @param {WidgetContext} context
 * @returns {Widget}
 */
export function create({ node, changed, register, advance }) {
  const count = asked(node)
  const spoken = el('p', { class: 'date__spoken soft', 'aria-live': 'polite' })
  const boxes = createBoxes(dateBoxes().slice(0, count), {
    register,
    advance,
    typed: (parts) => {
      put(parts.some(Boolean) ? [...parts, '01', '01'].slice(0, 3) : [])
    },
  })
  /** @param {string[]} parts */
  const put = (parts) => {
    changed(joinDate(parts))
    spoken.textContent = inWords(node.value, count)
  }
  const update = () => {
    boxes.write(splitDate(node.value).slice(0, count))
    spoken.textContent = inWords(node.value, count)
  }
  boxes.settle(update)
  update()
  const today = el('button', { type: 'button', class: 'button button--small', onclick: () => {
    const now = new Date()
    put([String(now.getFullYear()), String(now.getMonth() + 1), String(now.getDate())].map((part, i) => (i < count ? part : '1')))
    update()
  } }, t('widget.today'))
  return { element: el('div', { class: 'date' }, boxes.element, el('div', { class: 'date__foot' }, count === 3 && today, spoken)), update, focus: boxes.focus }
}

/**
 * Gives a whole date in the words of the page's language, `''` for anything else.
 *
 * @param {string} value
 * @param {number} count parts that are asked for
 */
function inWords(value, count) {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(value)
  if (!match || count === 1) return ''
  const date = new Date(Number(match[1]), Number(match[2]) - 1, Number(match[3]))
  if (date.getDate() !== Number(match[3])) return ''
  const options = count === 3 ? { dateStyle: 'full' } : { year: 'numeric', month: 'long' }
  return new Intl.DateTimeFormat(document.documentElement.lang || undefined, /** @type {Intl.DateTimeFormatOptions} */ (options)).format(date)
}
