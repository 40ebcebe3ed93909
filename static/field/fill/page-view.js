/** @import { Files, FormMedia, FormNode, Page } from './types.js' */
/** @import { Item } from './layout.js' */
/** @import { RepeatHost } from './repeat.js' */
import { el } from '../dom.js'
import { t } from '../i18n/i18n.js'
import { withLater } from '../style.js'
import { Deferred, partOf } from './deferred.js'
import { isWithin, pageItems, trail } from './layout.js'
import { problemText } from './problem-text.js'
import { Question } from './question.js'

/**
 * What the page asks of the fill screen.
 *
 * @typedef {RepeatHost & {files: Files, media?: FormMedia, hold: (work: Promise<unknown>) => void, advance: () => void, set: (node: FormNode, value: string) => void, defer?: Defer}} PageHost
 * @typedef {(item: Item, make: () => Part) => Part} Defer puts off what is not near the screen
 *
 * @typedef {{element: HTMLElement, update: (options?: {isOwn: boolean}) => void, destroy?: () => void}} Part
 */

/** One page of the form on the screen. A change touches only the parts that it concerns, so that focus and composition stay. */
export class PageView {
  element = el('section', { class: 'fill-page', tabindex: -1 })
  /** @type {FormNode|null} the question that was answered or brought into focus last */
  touched = null
  #host
  /** @type {Page} */
  #page
  #trail = el('p', { class: 'fill-page__trail' })
  #title = el('h2', { class: 'fill-page__title' })
  /** @type {Map<string, {item: Item, part: Part}>} */
  #parts = new Map()
  /** @type {HTMLElement[]} boxes that hold the rows of tables of choices, in order */
  #tables = []
  /** @type {FormNode|null} */
  #source = null
  /** Whether problems are being shown: what is drawn later then shows its own. */
  #isChecked = false

  /**
   * @param {PageHost} host
   * @param {Page} page
   * @param {string} place where the page stands, for screen readers: "Question 3 of 12"
   */
  constructor(host, page, place) {
    this.#host = host
    this.#page = page
    this.element.setAttribute('aria-label', place)
    this.element.append(this.#trail, this.#title)
    this.#arrange()
  }

  /** @returns {Page} */
  get page() {
    return this.#page
  }

  /**
   * Follows a change of the form.
   *
   * @param {Set<FormNode>} nodes those that changed
   * @param {Page} page the page as it is now
   */
  update(nodes, page) {
    this.#page = page
    this.#arrange()
    for (const { item, part } of this.#parts.values()) {
      if (item.kind === 'question' ? nodes.has(item.node) : true) part.update({ isOwn: item.node === this.#source })
    }
  }

  /**
   * Shows the problems of the page's questions.
   *
   * @returns {{node: FormNode, message: string}[]}
   */
  check() {
    this.#isChecked = true
    return [...this.#parts.values()].flatMap(({ item: { kind, node }, part }) => {
      if (kind !== 'question') return []
      const shown = part instanceof Deferred ? part.part : part
      const message = shown instanceof Question ? shown.check() : this.#messageOf(node)
      return message ? [{ node, message }] : []
    })
  }

  /** @param {FormNode} node */
  #messageOf(node) {
    const problem = this.#host.form.problem(node)
    return problem ? problemText(problem) : ''
  }

  /**
   * Brings a node into view, or the first question that lies in it.
   *
   * @param {FormNode} node
   * @returns {Question|undefined} the question, where the node is one
   */
  reveal(node) {
    const parts = [...this.#parts.values()]
    const found = parts.find(({ item }) => item.node === node) ?? parts.find(({ item }) => item.kind === 'question' && isWithin(item.node, node))
    if (found?.part instanceof Deferred) found.part.draw()
    found?.part.element.scrollIntoView({ block: 'start' })
    return this.questions().find((entry) => entry.node === found?.item.node)?.question
  }

  /**
   * Puts the focus into a question's widget, its label in view; of a row or group, into its first question's.
   *
   * @param {FormNode} node
   */
  focus(node) {
    const first = [...this.#parts.values()].find(({ item }) => item.kind === 'question' && (item.node === node || isWithin(item.node, node)))
    this.touched = first?.item.node ?? node
    const question = this.reveal(this.touched)
    question?.focus()
    question?.element.scrollIntoView({ block: 'start' })
  }

  /** On a page with one empty box to type in and nothing else, the keyboard comes by itself. */
  startTyping() {
    const [only, more] = this.element.querySelectorAll('.question')
    const box = only?.querySelector('input[inputmode], textarea')
    if (!more && box && !/** @type {HTMLInputElement} */ (box).value) /** @type {HTMLInputElement} */ (box).focus()
  }

  /** @returns {{node: FormNode, question: Question}[]} */
  questions() {
    return [...this.#parts.values()].flatMap(({ item, part }) => {
      const question = part instanceof Deferred ? part.part : part
      return question instanceof Question ? [{ node: item.node, question }] : []
    })
  }

  /** Ends what the widgets have running. */
  destroy() {
    for (const { part } of this.#parts.values()) part.destroy?.()
  }

  #arrange() {
    const { form } = this.#host
    const first = this.#page.nodes[0] ?? this.#page.node
    const isList = this.#page.node.kind === 'group' && this.#page.node.parent !== null && first !== this.#page.node
    this.#setText(this.#title, isList ? form.text(this.#page.node, 'label') : '')
    this.#setText(this.#trail, this.#page.node.parent ? trail(form, isList ? this.#page.node : first).join(' › ') : '')
    const items = pageItems(form, this.#page)
    const keys = new Set(items.map((item) => item.key))
    for (const [key, { part }] of this.#parts) {
      if (keys.has(key)) continue
      part.destroy?.()
      part.element.remove()
    }
    /** @type {Map<string, {item: Item, part: Part}>} */
    const parts = new Map()
    /** @type {Element} */
    let before = this.#title
    let tables = 0
    /** @type {HTMLElement|null} */
    let table = null
    /** @type {Part[]} */
    const fresh = []
    for (const item of items) {
      const known = this.#parts.get(item.key)
      const part = known?.part ?? this.#make(item)
      if (!known && this.#source) fresh.push(part)
      parts.set(item.key, { item, part })
      if (item.isTabular && !table) {
        table = this.#tables[tables++] ??= el('div', { class: 'choice-table' }, el('i', { hidden: true }))
        put(before, table)
        before = /** @type {Element} */ (table.firstElementChild)
      } else if (table && !item.isTabular) {
        before = table
        table = null
      }
      before = put(before, part.element)
    }
    this.#parts = parts
    this.#showFresh(fresh)
  }

  /**
   * Questions that an answer brought onto the page are seen coming; what has the focus keeps it, and stays in view.
   *
   * @param {Part[]} fresh
   */
  #showFresh(fresh) {
    for (const { element } of fresh) element.classList.add('is-new')
    if (!fresh.length) return
    fresh[0].element.scrollIntoView({ block: 'nearest' })
    if (this.element.contains(document.activeElement)) document.activeElement?.scrollIntoView({ block: 'nearest' })
  }

  /**
   * @param {Item} item
   * @returns {Part}
   */
  #make(item) {
    const make = () => {
      const part = this.#part(item.kind, item.node)
      if (item.depth) part.element.classList.add('is-in-row')
      return part
    }
    return this.#host.defer ? this.#host.defer(item, make) : make()
  }

  /**
   * @param {Item['kind']} kind
   * @param {FormNode} node
   * @returns {Part}
   */
  #part(kind, node) {
    const { form } = this.#host
    switch (kind) {
      case 'repeat': case 'rows': case 'row': case 'add':
        return partOf(withLater(import('./repeat.js')), ({ repeatPart }) => repeatPart(kind, this.#host, node))
      case 'heading': {
        const element = el('h3', { class: 'fill-page__heading' }, form.text(node, 'label'))
        return { element, update: () => this.#setText(element, form.text(node, 'label')) }
      }
      default: return new Question(form, node, { files: this.#host.files, media: this.#host.media, hold: this.#host.hold, changed: (source, value) => this.#set(source, value), advance: (source) => this.#advance(source) })
    }
  }

  /**
   * @param {FormNode} node
   * @param {string} value
   */
  #set(node, value) {
    this.#source = node
    this.touched = node
    try {
      this.#host.set(node, value)
    } finally {
      this.#source = null
    }
  }

  /**
   * Goes to the next question of the page, from the last one to the next page.
   *
   * @param {FormNode} node
   */
  #advance(node) {
    const questions = this.questions().filter((entry) => !entry.node.isReadonly)
    const next = questions[questions.findIndex((entry) => entry.node === node) + 1]
    if (next) this.focus(next.node)
    else this.#host.advance()
  }

  /**
   * @param {HTMLElement} element
   * @param {string} text
   */
  #setText(element, text) {
    if (element.textContent !== text) element.textContent = text
    element.hidden = !text
  }
}

/**
 * Puts an element after another, and leaves one that is there already alone: moved, it would lose the focus.
 *
 * @param {Element} before
 * @param {Element} element
 */
function put(before, element) {
  if (before.nextElementSibling !== element) before.after(element)
  return element
}

/**
 * Gives the name of a page's place: "Question 3 of 12".
 *
 * @param {number} index from 0
 * @param {number} total
 * @returns {string}
 */
export function placeName(index, total) {
  return t('fill.place', { number: index + 1, total })
}
