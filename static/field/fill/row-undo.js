/** @import { Form, FormNode } from './types.js' */

/** @typedef {{[name: string]: string|Saved|Saved[]}} Saved answers of a row, a group, or a repeat's rows */

/**
 * Takes a row out of its repeat and gives the function that puts it back where it was, with its answers.
 *
 * The form adds rows at the end only; so a row that comes back in the middle takes the place of the one that moved up,
 * and the answers of those below are moved down by one.
 *
 * @param {Form} form
 * @param {FormNode} row
 * @returns {() => void}
 */
export function takeRow(form, row) {
  const repeat = /** @type {FormNode} */ (row.parent)
  const index = repeat.children.indexOf(row)
  const saved = snapshot(row)
  form.removeRow(row)
  return () => {
    const below = repeat.children.slice(index).map(snapshot)
    form.addRow(repeat)
    const answers = [saved, ...below]
    repeat.children.slice(index).forEach((target, i) => restore(form, target, answers[i] ?? {}))
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
    if (child.kind === 'question') saved[child.name] = child.value
    else saved[child.name] = child.kind === 'repeat' ? child.children.map(snapshot) : snapshot(child)
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
