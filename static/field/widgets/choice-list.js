/** @import { Choice, Form, FormMedia, FormNode } from '../fill/types.js' */
import { el } from '../dom.js'
import { t } from '../i18n/i18n.js'
import { onTyped } from './input.js'

/** From this many choices on, a list is searched rather than read. */
const LONG = 16
/** Rows drawn at a time: a screen or two, so that 30,000 choices open as fast as thirty. */
const CHUNK = 30
/** So many rows come by themselves as the list is scrolled; then a tap asks for more, and what stands below can be reached. */
const BY_THEMSELVES = 120

let lists = 0

/** Radios or checkboxes, a whole row each, with a search box over a long list. It draws only the rows that are reached. */
export class ChoiceList {
  /** @type {HTMLElement} */
  element
  #type
  #name = `choices-${++lists}`
  #form
  #media
  #isChosen
  #pick
  #register
  #hasSearch = false
  #query = ''
  #drawn = 0
  /** @type {Choice[]} */
  #choices = []
  /** @type {Choice[]} */
  #shown = []
  /** @type {Map<Choice, string>|null} */
  #searchable = null
  /** @type {IntersectionObserver|null} */
  #observer = null
  #rows = el('div', { class: 'option-list__rows' })
  #more = el('button', { type: 'button', class: 'button button--quiet button--block', hidden: true, onclick: () => this.#draw() }, t('widget.more'))
  #count = el('p', { class: 'option-list__count soft small', role: 'status' })
  #search = el('input', { type: 'search', enterkeyhint: 'search', autocomplete: 'off', 'aria-label': t('widget.search'), placeholder: t('widget.search') })
  #searchBox = el('div', { class: 'option-list__search', hidden: true }, this.#search, this.#count)

  /**
   * @param {object} options
   * @param {Form} options.form
   * @param {FormMedia} [options.media]
   * @param {'radio'|'checkbox'} options.type
   * @param {boolean} options.hasSearch also over a short list
   * @param {(value: string) => boolean} options.isChosen
   * @param {(value: string, isChosen: boolean) => void} options.pick
   * @param {(control: HTMLElement) => void} options.register
   */
  constructor({ form, media, type, hasSearch, isChosen, pick, register }) {
    this.#form = form
    this.#media = media
    this.#type = type
    this.#hasSearch = hasSearch
    this.#isChosen = isChosen
    this.#pick = pick
    this.#register = register
    this.element = el('div', { class: 'option-list' }, this.#searchBox, this.#rows, this.#more)
    onTyped(this.#search, (text) => this.#find(text))
    if (typeof IntersectionObserver === 'function') {
      this.#observer = new IntersectionObserver((entries) => { if (entries.some((entry) => entry.isIntersecting)) this.#draw() }, { rootMargin: '400px' })
      this.#observer.observe(this.#more)
    }
  }

  /**
   * Shows these choices; where they are the same as before only the marks are set anew, so that the focus stays.
   *
   * @param {Choice[]} choices
   */
  show(choices) {
    const isSame = choices.length === this.#choices.length && choices.every((choice, i) => choice.value === this.#choices[i].value && choice.label === this.#choices[i].label)
    if (isSame && choices.length) return this.mark()
    this.#choices = choices
    this.#searchable = null
    this.#searchBox.hidden = !this.#hasSearch && choices.length < LONG
    this.#find(this.#query)
  }

  /** Sets each drawn row's mark to what is chosen now. */
  mark() {
    for (const control of this.#rows.querySelectorAll('input')) control.checked = this.#isChosen(control.value)
  }

  /** Puts the focus on the chosen row, else on the first control. */
  focus() {
    const rows = this.#rows
    const target = rows.querySelector('input:checked') ?? (this.#searchBox.hidden ? rows.querySelector('input') : this.#search)
    if (target instanceof HTMLElement) target.focus()
  }

  /** Stops watching the list's end. */
  destroy() {
    this.#observer?.disconnect()
  }

  /** @param {string} text */
  #find(text) {
    this.#query = text
    const words = fold(text).split(' ').filter(Boolean)
    const isLong = !this.#searchBox.hidden
    this.#shown = words.length ? this.#matches(words) : isLong ? chosenFirst(this.#choices, this.#isChosen) : this.#choices
    this.#drawn = 0
    this.#rows.replaceChildren()
    if (isLong) this.#count.textContent = t('widget.found', { count: this.#shown.length, total: this.#choices.length })
    if (!this.#choices.length) this.#rows.append(el('p', { class: 'soft' }, t('widget.no_choices')))
    this.#draw()
  }

  /** @param {string[]} words */
  #matches(words) {
    const searchable = this.#searchable ??= new Map(this.#choices.map((choice) => [choice, fold(`${choice.label} ${choice.value}`)]))
    return this.#choices.filter((choice) => words.every((word) => searchable.get(choice)?.includes(word)))
  }

  #draw() {
    const next = this.#shown.slice(this.#drawn, this.#drawn + CHUNK)
    this.#rows.append(...next.map((choice) => this.#row(choice)))
    this.#drawn += next.length
    this.#more.hidden = this.#drawn >= this.#shown.length
    // An observer reports crossings only: looking again lets a button that is still in view ask for the next rows.
    if (this.#observer && !this.#more.hidden) {
      this.#observer.unobserve(this.#more)
      if (this.#drawn < BY_THEMSELVES) this.#observer.observe(this.#more)
    }
  }

  /** @param {Choice} choice */
  #row(choice) {
    const control = el('input', { type: this.#type, name: this.#name, value: choice.value, class: 'option__control' })
    control.checked = this.#isChosen(choice.value)
    control.addEventListener('change', () => this.#pick(choice.value, control.checked))
    this.#register(control)
    const words = el('span', { class: 'option__label' }, choice.label || choice.value)
    if (choice.marked) this.#form.marks?.show(words, choice.marked)
    const row = el('label', { class: 'option' }, control, words)
    const { media = {} } = choice
    if (Object.values(media).some(Boolean)) import('../fill/extras.js').then(({ addMedia }) => addMedia(row, media, this.#media))
    return row
  }
}

/**
 * Tells whether the form asks for a search box even over a short list.
 *
 * @param {FormNode} node
 * @returns {boolean}
 */
export function isSearched(node) {
  return /(?:^| )(?:search|autocomplete)/.test(node.def.appearance ?? '')
}

/**
 * Gives the text as it is compared: no case, no accents, full-width forms as half-width ones.
 *
 * @param {string} text
 * @returns {string}
 */
export function fold(text) {
  return text.normalize('NFKD').replace(/\p{Mn}/gu, '').toLowerCase()
}

/**
 * @param {Choice[]} choices
 * @param {(value: string) => boolean} isChosen
 */
function chosenFirst(choices, isChosen) {
  const chosen = choices.filter((choice) => isChosen(choice.value))
  return chosen.length ? [...chosen, ...choices.filter((choice) => !isChosen(choice.value))] : choices
}
