/** @import { Form, FormNode } from './types.js' */
import { el } from '../dom.js'
import { t } from '../i18n/i18n.js'
import { icon } from './icon.js'
import { firstAnswer, rowTitle } from './layout.js'

/**
 * What the parts of a repeat ask of the page.
 *
 * @typedef {object} RepeatHost
 * @property {Form} form
 * @property {(repeat: FormNode) => void} add
 * @property {(row: FormNode) => void} remove
 * @property {(row: FormNode) => void} open
 */

/**
 * Gives the heading of a repeat, with the sentence that says how it is used.
 *
 * @param {RepeatHost} host
 * @param {FormNode} repeat
 * @returns {{element: HTMLElement, update: () => void}}
 */
export function repeatHead({ form }, repeat) {
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

/**
 * Gives the list of a repeat's rows: a tap on a row opens it.
 *
 * @param {RepeatHost} host
 * @param {FormNode} repeat
 * @returns {{element: HTMLElement, update: () => void}}
 */
export function repeatRows(host, repeat) {
  const element = el('ul', { class: 'repeat-rows' })
  const update = () => element.replaceChildren(...repeat.children.map((row) => rowEntry(host, row)))
  update()
  return { element, update }
}

/**
 * @param {RepeatHost} host
 * @param {FormNode} row
 */
function rowEntry(host, row) {
  const title = rowTitle(host.form, row)
  const wrong = host.form.problems(row).length
  const open = el('button', { type: 'button', class: 'repeat-rows__open', onclick: () => host.open(row) },
    el('span', { class: 'repeat-rows__title' }, title),
    el('span', { class: 'repeat-rows__answer' }, firstAnswer(host.form, row)),
    wrong > 0 && el('span', { class: 'repeat-rows__wrong' }, icon('alert'), t('fill.row.wrong', { count: wrong })))
  return el('li', { class: 'repeat-rows__row' }, open, host.form.canRemove(row) && removeButton(host, row))
}

/**
 * Gives the heading of a row whose questions stand on the page itself.
 *
 * @param {RepeatHost} host
 * @param {FormNode} row
 * @returns {{element: HTMLElement, update: () => void}}
 */
export function rowHead(host, row) {
  const title = el('h3', { class: 'repeat-row__title' })
  const remove = removeButton(host, row)
  const update = () => {
    title.textContent = rowTitle(host.form, row)
    remove.setAttribute('aria-label', t('fill.row.remove', { title: rowTitle(host.form, row) }))
    remove.hidden = !host.form.canRemove(row)
  }
  update()
  return { element: el('div', { class: 'repeat-row' }, title, remove), update }
}

/**
 * Gives the button that adds a row; hidden where the form counts the rows itself.
 *
 * @param {RepeatHost} host
 * @param {FormNode} repeat
 * @returns {{element: HTMLElement, update: () => void}}
 */
export function addButton(host, repeat) {
  const words = el('span')
  const element = el('button', { type: 'button', class: 'button button--block add', onclick: () => host.add(repeat) }, icon('plus'), words)
  const update = () => {
    words.textContent = t('fill.row.add', { title: host.form.text(repeat, 'label') || repeat.name })
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
  return el('button', { type: 'button', class: 'button button--quiet button--icon', 'aria-label': t('fill.row.remove', { title: rowTitle(host.form, row) }), onclick: () => host.remove(row) }, icon('trash'))
}
