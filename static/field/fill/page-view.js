/** @import { Files, Form, FormNode, Page } from './types.js' */
/** @import { Item } from './layout.js' */
/** @import { RepeatHost } from './repeat.js' */
import { el } from '../dom.js'
import { t } from '../i18n/i18n.js'
import { pageItems, trail } from './layout.js'
import { Question } from './question.js'
import { addButton, repeatHead, repeatRows, rowHead } from './repeat.js'

/**
 * What the page asks of the fill screen.
 *
 * @typedef {RepeatHost & {files: Files, hold: (work: Promise<unknown>) => void, advance: () => void, set: (node: FormNode, value: string) => void}} PageHost
 *
 * @typedef {{element: HTMLElement, update: (options?: {isOwn: boolean}) => void, destroy?: () => void}} Part
 */

/** One page of the form on the screen. A change touches only the parts that it concerns, so that focus and composition stay. */
export class PageView {
  element = el('section', { class: 'fill-page', tabindex: -1 })
  #host
  /** @type {Page} */
  #page
  #trail = el('p', { class: 'fill-page__trail' })
  #title = el('h2', { class: 'fill-page__title' })
  /** @type {Map<string, {item: Item, part: Part}>} */
  #parts = new Map()
  /** @type {FormNode|null} */
  #source = null

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
    return this.questions().flatMap(({ node, question }) => {
      const message = question.check()
      return message ? [{ node, message }] : []
    })
  }

  /**
   * Puts the focus into a question's widget, its label in view.
   *
   * @param {FormNode} node
   */
  focus(node) {
    const found = this.questions().find((entry) => entry.node === node)
    found?.question.focus()
    found?.question.element.scrollIntoView({ block: 'start' })
  }

  /** @returns {{node: FormNode, question: Question}[]} */
  questions() {
    return [...this.#parts.values()].flatMap(({ item, part }) => (part instanceof Question ? [{ node: item.node, question: part }] : []))
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
    this.#setText(this.#trail, trail(form, isList ? this.#page.node : first).join(' › '))
    const items = pageItems(form, this.#page)
    const keys = new Set(items.map((item) => item.key))
    for (const [key, { part }] of this.#parts) {
      if (keys.has(key)) continue
      part.destroy?.()
      part.element.remove()
      this.#parts.delete(key)
    }
    /** @type {Element} */
    let before = this.#title
    for (const item of items) {
      const known = this.#parts.get(item.key)
      const part = known?.part ?? this.#make(item)
      if (!known) this.#parts.set(item.key, { item, part })
      if (before.nextElementSibling !== part.element) before.after(part.element)
      before = part.element
    }
  }

  /**
   * @param {Item} item
   * @returns {Part}
   */
  #make({ kind, node, depth }) {
    const part = this.#part(kind, node)
    if (depth) part.element.classList.add('is-in-row')
    return part
  }

  /**
   * @param {Item['kind']} kind
   * @param {FormNode} node
   * @returns {Part}
   */
  #part(kind, node) {
    const { form } = this.#host
    switch (kind) {
      case 'repeat': return repeatHead(this.#host, node)
      case 'rows': return repeatRows(this.#host, node)
      case 'row': return rowHead(this.#host, node)
      case 'add': return addButton(this.#host, node)
      case 'heading': {
        const element = el('h3', { class: 'fill-page__heading' }, form.text(node, 'label'))
        return { element, update: () => this.#setText(element, form.text(node, 'label')) }
      }
      default: return new Question(form, node, { files: this.#host.files, hold: this.#host.hold, changed: (source, value) => this.#set(source, value), advance: (source) => this.#advance(source) })
    }
  }

  /**
   * @param {FormNode} node
   * @param {string} value
   */
  #set(node, value) {
    this.#source = node
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
 * Gives the name of a page's place: "Question 3 of 12".
 *
 * @param {number} index from 0
 * @param {number} total
 * @returns {string}
 */
export function placeName(index, total) {
  return t('fill.place', { number: index + 1, total })
}
