/** @import { Form, FormNode } from './types.js' */
/** @import { Part } from './page-view.js' */
import { el } from '../dom.js'
import { t } from './later-t.js'
import { icon } from './icon.js'
import { firstAnswer, rowName, rowTitle } from './layout.js'

/**
 * What the parts of a repeat ask of the page.
 *
 * @typedef {object} RepeatHost
 * @property {Form} form
 * @property {(repeat: FormNode) => void} add
 * @property {(row: FormNode) => void} remove
 * @property {(row: FormNode, by: -1|1) => void} move
 * @property {(row: FormNode) => void} open
 */

/**
 * Gives a part of a repeat: its heading, the list of its rows, the heading of one row, or the button that adds one.
 *
 * @param {'repeat'|'rows'|'row'|'add'} kind
 * @param {RepeatHost} host
 * @param {FormNode} node the repeat, or the row
 * @returns {Part}
 */
export function repeatPart(kind, host, node) {
  switch (kind) {
    case 'repeat': return repeatHead(host, node)
    case 'rows': return new RowList(host, node)
    case 'row': return rowHead(host, node)
    default: return addButton(host, node)
  }
}

/**
 * The heading of a repeat, with the sentence that says how it is used.
 *
 * @param {RepeatHost} host
 * @param {FormNode} repeat
 * @returns {Part}
 */
function repeatHead({ form }, repeat) {
  const title = el('h2', { class: 'repeat__title' })
  const hint = el('p', { class: 'question__hint' })
  const update = () => {
    title.textContent = form.text(repeat, 'label') || repeat.name
    hint.textContent = form.text(repeat, 'hint') || (repeat.children.length ? '' : t('fill.repeat.empty'))
    hint.hidden = !hint.textContent
  }
  update()
  return { element: el('div', { class: 'repeat' }, title, hint), update }
}

/** The list of a repeat's rows: a tap on a row opens it; the order can be changed where the form allows it. */
class RowList {
  #host
  #repeat
  #list = el('ul', { class: 'repeat-rows' })
  #order = el('button', { type: 'button', class: 'button button--quiet', onclick: () => this.#toggleOrder() })
  #isOrdering = false
  element = el('div', { class: 'repeat-list' }, this.#list, this.#order)

  /**
   * @param {RepeatHost} host
   * @param {FormNode} repeat
   */
  constructor(host, repeat) {
    this.#host = host
    this.#repeat = repeat
    this.update()
  }

  update() {
    this.#list.replaceChildren(...this.#repeat.children.map((row) => this.#entry(row)))
    this.#order.hidden = !canReorder(this.#host.form, this.#repeat)
    this.#order.textContent = t(this.#isOrdering ? 'fill.row.order_done' : 'fill.row.order')
    this.#order.setAttribute('aria-pressed', String(this.#isOrdering))
  }

  #toggleOrder() {
    this.#isOrdering = !this.#isOrdering
    this.update()
  }

  /** @param {FormNode} row */
  #entry(row) {
    const { form, open } = this.#host
    const wrong = form.problems(row).length
    const name = el('button', { type: 'button', class: 'repeat-rows__open', onclick: () => open(row) },
      el('span', { class: 'repeat-rows__title' }, rowTitle(form, row)),
      el('span', { class: 'repeat-rows__answer' }, firstAnswer(form, row)),
      wrong > 0 && el('span', { class: 'repeat-rows__wrong' }, icon('alert'), t('fill.row.wrong', { count: wrong })))
    const buttons = this.#isOrdering ? moveButtons(this.#host, row) : [form.canRemove(row) && removeButton(this.#host, row)]
    return el('li', { class: 'repeat-rows__row' }, name, ...buttons)
  }
}

/**
 * The heading of a row whose questions stand on the page itself.
 *
 * @param {RepeatHost} host
 * @param {FormNode} row
 * @returns {Part}
 */
function rowHead(host, row) {
  const title = el('h3', { class: 'repeat-row__title' })
  const buttons = el('span', { class: 'repeat-row__buttons' })
  const element = el('div', { class: 'repeat-row' }, title, buttons)
  let shown = ''
  const update = () => {
    const { form } = host
    const name = rowTitle(form, row)
    const allowed = [form.canMove(row, -1), form.canMove(row, 1), form.canRemove(row), name].join()
    if (allowed === shown) return
    shown = allowed
    title.textContent = name
    const canMove = form.canMove(row, -1) || form.canMove(row, 1)
    buttons.replaceChildren(...(canMove ? moveButtons(host, row) : []), ...(form.canRemove(row) ? [removeButton(host, row)] : []))
  }
  update()
  return { element, update }
}

/**
 * The button that adds a row, as an answer to whether there is one more; hidden where the form counts the rows itself.
 *
 * @param {RepeatHost} host
 * @param {FormNode} repeat
 * @returns {Part}
 */
function addButton(host, repeat) {
  const question = el('p', { class: 'repeat-add__question' })
  const words = el('span')
  const button = el('button', { type: 'button', class: 'button button--block add', onclick: () => host.add(repeat) }, icon('plus'), words)
  const element = el('div', { class: 'repeat-add' }, question, button)
  const update = () => {
    const title = host.form.text(repeat, 'label') || repeat.name
    question.textContent = t('fill.repeat.another')
    question.hidden = !repeat.children.length
    words.textContent = t('fill.row.add', { title })
    element.hidden = !host.form.canAdd(repeat)
  }
  update()
  return { element, update }
}

/**
 * @param {RepeatHost} host
 * @param {FormNode} row
 */
function removeButton(host, row) {
  return button('trash', t('fill.row.remove', { title: rowName(host.form, row) }), `${row.id}:remove`, () => host.remove(row))
}

/**
 * The buttons that change places with the row above and below. One that would lead nowhere keeps its place.
 *
 * @param {RepeatHost} host
 * @param {FormNode} row
 * @returns {HTMLElement[]}
 */
function moveButtons({ form, move }, row) {
  const title = rowName(form, row)
  const one = (/** @type {'up'|'down'} */ way, /** @type {-1|1} */ by) => {
    const key = `${row.id}:${way}`
    const element = button(way, t(`fill.row.${way}`, { title }), key, () => {
      const page = element.closest('.fill-page')
      move(row, by)
      if (page) focusKey(page, key)
    })
    element.disabled = !form.canMove(row, by)
    return element
  }
  return [one('up', -1), one('down', 1)]
}

/**
 * @param {'trash'|'up'|'down'} drawing
 * @param {string} label
 * @param {string} key by which the focus finds the button again
 * @param {() => void} act
 */
function button(drawing, label, key, act) {
  return el('button', { type: 'button', class: 'button button--quiet button--icon', 'aria-label': label, 'data-key': key, onclick: act }, icon(drawing))
}

/**
 * @param {Form} form
 * @param {FormNode} repeat
 */
function canReorder(form, repeat) {
  return repeat.children.some((row) => form.canMove(row, 1))
}

/**
 * Puts the focus on the button that had it before the rows were drawn anew, or on another one of its row.
 *
 * @param {Element} element
 * @param {string} key
 */
function focusKey(element, key) {
  const row = key.slice(0, key.lastIndexOf(':') + 1)
  const buttons = [...element.querySelectorAll('button')].filter((found) => !found.disabled)
  const found = buttons.find(({ dataset }) => dataset.key === key) ?? buttons.find(({ dataset }) => dataset.key?.startsWith(row))
  found?.focus()
}
