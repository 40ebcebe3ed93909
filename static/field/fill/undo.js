/** @import { Form, FormNode } from './types.js' */
/** @import { Notice } from './notice.js' */
import { el } from '../dom.js'
import { t } from './later-t.js'
import { rowName } from './layout.js'

/** @typedef {{[name: string]: string|Saved|Saved[]}} Saved answers of a row, a group, or a repeat's rows */

/** Follows a question's name in the key of the reason why it has no answer. */
const MISSING = '@missing'

/**
 * Offers an answer that was taken back.
 *
 * @param {Form} form
 * @param {Notice} notice
 * @param {FormNode} node
 * @param {string} before the answer
 */
export function offerAnswer(form, notice, node, before) {
  if (node.value === '') offer(notice, t('fill.cleared'), () => form.set(node, before), node)
}

/**
 * Takes a row out of its repeat, and offers it back.
 *
 * @param {Form} form
 * @param {Notice} notice
 * @param {FormNode} row
 */
export function removeRow(form, notice, row) {
  const words = t('fill.row.removed', { title: rowName(form, row) })
  offer(notice, words, takeRow(form, row), row)
}

/**
 * @param {Notice} notice
 * @param {string} words what happened
 * @param {() => void} undo
 * @param {FormNode} of by which the notice knows the offer
 */
function offer(notice, words, undo, of) {
  const button = el('button', { type: 'button', class: 'button button--small', onclick: () => {
    notice.hide()
    undo()
  } }, t('fill.undo'))
  notice.show(of, el('span', {}, words), button)
  notice.say(words)
}

/**
 * Takes a row out of its repeat and gives the function that puts it back where it was, with its answers.
 *
 * @param {Form} form
 * @param {FormNode} row
 * @returns {() => void}
 */
function takeRow(form, row) {
  const repeat = /** @type {FormNode} */ (row.parent)
  const index = repeat.children.indexOf(row)
  const saved = snapshot(row)
  form.removeRow(row)
  return () => {
    const back = form.addRow(repeat)
    restore(form, back, saved)
    while (repeat.children.indexOf(back) > index) form.moveRow(back, -1)
  }
}

/**
 * @param {FormNode} node row or group
 * @returns {Saved}
 */
function snapshot(node) {
  /** @type {Saved} */
  const saved = {}
  for (const child of node.children) {
    if (child.kind === 'question') {
      saved[child.name] = child.value
      if (child.missing) saved[child.name + MISSING] = child.missing
    } else saved[child.name] = child.kind === 'repeat' ? child.children.map(snapshot) : snapshot(child)
  }
  return saved
}

/**
 * Puts answers back in form order. Calculated values follow by themselves.
 *
 * @param {Form} form
 * @param {FormNode} node
 * @param {Saved} saved
 */
function restore(form, node, saved) {
  for (const child of node.children) {
    const value = saved[child.name]
    if (Array.isArray(value)) restoreRows(form, child, value)
    else if (typeof value === 'object') restore(form, child, value)
    else if (value !== undefined && value !== child.value && !('calculate' in child.def)) form.set(child, value)
    const reason = saved[child.name + MISSING]
    if (typeof reason === 'string') form.setMissing(child, reason)
  }
}

/**
 * @param {Form} form
 * @param {FormNode} repeat
 * @param {Saved[]} rows
 */
function restoreRows(form, repeat, rows) {
  while (repeat.children.length > rows.length && form.canRemove(repeat.children[repeat.children.length - 1])) form.removeRow(repeat.children[repeat.children.length - 1])
  while (repeat.children.length < rows.length && form.canAdd(repeat)) form.addRow(repeat)
  repeat.children.slice(0, rows.length).forEach((row, i) => restore(form, row, rows[i]))
}
