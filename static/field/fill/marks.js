/** @import { Form, FormNode } from './types.js' */

/** What a form model has in it whose texts hold Markdown or HTML. One that only looks so fetches their reader for nothing. */
const MARKS = /\*\*|["\s(]\*[^\s*"][^"*]*\*|(?:"|\\n) *#+ *[^\s#\d"]|\\n *[*+-] |<\/?[a-z]+\d?[ >/]|\]\(\w|\\\\[*_#]|[\s"(]__?(?!_|version)\w[^"]*_[\s".,)!?:]|&\w+;/i

/** @param {string} model a form model as JSON */
export function hasMarks(model) {
  return MARKS.test(model)
}

/**
 * Gives what lets a form's texts be read as Markdown and HTML, if they are written so. Rejects where it cannot be fetched.
 *
 * @param {string} model the form model as JSON
 * @returns {Promise<(form: Form) => Form>} see `readAsMarkup`; gives the same form
 */
export async function fetchMarks(model) {
  return hasMarks(model) ? (await import('./markup.js')).openMarkup() : (form) => form
}

/**
 * Shows a text of a node in an element.
 *
 * @param {HTMLElement} element
 * @param {Form} form
 * @param {FormNode} node
 * @param {string} what as in `form.text`
 * @returns {boolean} whether there is such a text
 */
export function showText(element, form, node, what) {
  if (form.marks) return form.marks.show(element, form.marks.text(node, what))
  const text = form.text(node, what)
  if (element.textContent !== text) element.textContent = text
  return text !== ''
}
