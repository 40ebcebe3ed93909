/** A date chosen step by step: ten years, year, month, day. Fetched with the first tap that asks for it. */

import { el } from '../dom.js'
import { icon } from '../fill/icon.js'
import { t } from '../i18n/i18n.js'
import { wordsOnce } from '../views/later-words.js'
import { inWords, joinDate, splitDate } from './date.js'

/** Groups of ten years that are offered, up to the present one: the oldest person alive is in them. */
const DECADES = 12
/** What is picked at each step, as the classes and words name it. */
const STEPS = ['decade', 'year', 'month', 'day']

const stepsWords = wordsOnce(async (code) => (await (code === 'en' ? import('../i18n/steps-en.js') : import('../i18n/steps-zh.js'))).steps)

/**
 * @typedef {object} Wish
 * @property {string} title the question
 * @property {string} value the date as it is, `''` for none
 * @property {number} count parts that are asked for: 3, 2 without the day, 1 for the year alone
 * @property {boolean} hasCalendar whether the phone's own calendar may be used instead
 */

/**
 * Lets the volunteer choose a date in a sheet, a tap a step: 1961-03-07 is five taps with the one that opens it (A42). Gives the date, of
 * whose parts those that are not asked for are 01; `''` where the sheet was left. Rejects where its words cannot be had.
 *
 * @param {HTMLElement} button the sheet is put beside it, and it has the focus again afterwards
 * @param {Wish} wish
 * @returns {Promise<string>}
 */
export async function chooseDate(button, wish) {
  await stepsWords()
  return new Promise((resolve) => new Steps(button, wish, resolve))
}

class Steps {
  #wish
  /** @type {number[]} first year of the ten, year, month, day, as far as they are picked */
  #picked = []
  #back = el('button', { type: 'button', class: 'button button--quiet button--icon', 'aria-label': t('steps.back'), onclick: () => this.#show(this.#picked.slice(0, -1)) }, icon('back'))
  #title = el('h2', { class: 'steps__title', tabindex: -1, autofocus: true })
  #cells = el('div')
  #foot = el('div', { class: 'steps__foot' })
  #dialog

  /**
   * @param {HTMLElement} button
   * @param {Wish} wish
   * @param {(date: string) => void} done
   */
  constructor(button, wish, done) {
    this.#wish = wish
    this.#dialog = el('dialog', { class: 'sheet sheet--low steps', 'aria-label': wish.title, onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event) },
      el('div', { class: 'sheet__head' }, this.#back, this.#title, el('button', { type: 'button', class: 'button button--quiet button--icon', 'aria-label': t('fill.close'), onclick: () => this.#dialog.close() }, icon('close'))),
      this.#cells, this.#foot)
    const calendar = wish.hasCalendar && wish.count === 3 && calendarButton(wish.value, (date) => this.#dialog.close(date))
    if (calendar) this.#foot.append(calendar)
    this.#dialog.addEventListener('close', () => {
      this.#dialog.remove()
      button.focus()
      done(this.#dialog.returnValue)
    })
    button.after(this.#dialog)
    this.#show([])
    this.#dialog.showModal()
  }

  /** @param {number[]} picked */
  #show(picked) {
    this.#picked = picked
    const step = STEPS[picked.length]
    const present = presentOf(this.#wish.value)[picked.length]
    this.#back.hidden = picked.length === 0
    this.#foot.hidden = picked.length > 0
    this.#title.textContent = titleOf(picked)
    this.#cells.className = `steps__cells steps__cells--${step}`
    this.#cells.replaceChildren(...cellsOf(picked).map(([value, label]) => el('button', { type: 'button', class: 'button steps__cell', 'aria-current': value === present && 'true', onclick: () => this.#pick(value) }, label)))
    this.#title.focus()
  }

  /** @param {number} value */
  #pick(value) {
    const picked = [...this.#picked, value]
    if (picked.length <= this.#wish.count) return this.#show(picked)
    const parts = picked.slice(1).map(String)
    this.#dialog.close(joinDate([...parts, '01', '01'].slice(0, 3)))
  }

  /** The arrows go from cell to cell, up and down by a row. @param {KeyboardEvent} event */
  #key(event) {
    const cells = /** @type {HTMLElement[]} */ ([...this.#cells.children])
    const inRow = cells.filter(({ offsetTop }) => offsetTop === cells[0].offsetTop).length
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -inRow, ArrowDown: inRow }[event.key]
    if (!by) return
    event.preventDefault()
    const at = cells.indexOf(/** @type {HTMLElement} */ (document.activeElement))
    cells[at < 0 ? 0 : at + by]?.focus()
  }
}

/**
 * Gives what stands at a step: value and label of each cell.
 *
 * @param {number[]} picked
 * @returns {[number, string][]}
 */
function cellsOf([decade, year, month]) {
  const count = (/** @type {number} */ length, /** @type {(index: number) => [number, string]} */ cell) => Array.from({ length }, (_, index) => cell(index))
  if (month) return count(new Date(Date.UTC(year, month, 0)).getUTCDate(), (index) => [index + 1, String(index + 1)])
  if (year) return count(12, (index) => [index + 1, monthName(index)])
  if (decade) return count(10, (index) => [decade + index, String(decade + index)])
  const last = decadeOf(new Date().getFullYear())
  return count(DECADES, (index) => {
    const first = last - (DECADES - 1 - index) * 10
    return [first, t('steps.decade_name', { year: first })]
  })
}

/** @param {number[]} picked */
function titleOf(picked) {
  const [, year, month] = picked
  const monthInWords = month ? inWords(joinDate([String(year), String(month), '01']), 2) : ''
  return t(`steps.${STEPS[picked.length]}`, { year, month: monthInWords })
}

/**
 * Gives what would be picked for a date, step by step; nothing for what is no whole year.
 *
 * @param {string} value
 * @returns {number[]}
 */
function presentOf(value) {
  const parts = splitDate(value).map(Number)
  return [decadeOf(parts[0]), ...parts]
}

/** @param {number} year */
function decadeOf(year) {
  return Math.floor(year / 10) * 10
}

/** @param {number} index from 0 */
function monthName(index) {
  return new Intl.DateTimeFormat(document.documentElement.lang || undefined, { month: 'short', timeZone: 'UTC' }).format(Date.UTC(2000, index))
}

/**
 * Gives the button that opens the phone's own calendar, quicker for a day near today; nothing where the browser cannot open it on a tap.
 *
 * @param {string} value the date that it opens at
 * @param {(date: string) => void} take is given the chosen date
 * @returns {HTMLElement|false}
 */
function calendarButton(value, take) {
  const picker = el('input', { type: 'date', class: 'date__picker', tabindex: -1, 'aria-hidden': 'true' })
  if (!picker.showPicker) return false
  picker.addEventListener('change', () => { if (picker.value) take(picker.value) })
  return el('div', { class: 'date__calendar' }, picker, el('button', { type: 'button', class: 'button button--quiet button--block', onclick: () => {
    picker.value = value
    picker.showPicker()
  } }, t('steps.calendar')))
}
