/** @import { Form, FormNode } from './types.js' */
/** @import { Route } from './route.js' */
import { el } from '../dom.js'
import { t } from '../i18n/i18n.js'
import { icon } from './icon.js'
import { isShown, rowTitle, trail } from './layout.js'

/**
 * Gives the sheet with the list of all questions, to be put on the page and shown.
 *
 * @param {Form} form
 * @param {Route} route
 * @param {{go: (node: FormNode) => void, toReview: () => void}} host
 * @returns {HTMLDialogElement}
 */
export function openOverview(form, route, { go, toReview }) {
  const dialog = el('dialog', { class: 'sheet', 'aria-label': t('fill.list') })
  const close = (/** @type {() => void} */ then) => {
    dialog.close()
    then()
  }
  dialog.append(
    el('div', { class: 'sheet__head' },
      el('h2', {}, t('fill.list')),
      el('button', { type: 'button', class: 'button button--quiet button--icon', 'aria-label': t('fill.close'), onclick: () => dialog.close() }, icon('close'))),
    questionList(form, route, (node) => close(() => go(node))),
    el('button', { type: 'button', class: 'button button--block', onclick: () => close(toReview) }, t('fill.to_review')))
  dialog.addEventListener('close', () => dialog.remove())
  return dialog
}

/**
 * Gives the list of all questions with their answers in short: those with a fault and those without an answer are
 * marked by sign and word. A tap leads there.
 *
 * @param {Form} form
 * @param {Route} route
 * @param {(node: FormNode) => void} go
 * @returns {HTMLElement}
 */
function questionList(form, route, go) {
  const list = el('ol', { class: 'overview' })
  /** @type {Set<FormNode>} */
  const listed = new Set()
  let heading = ''
  for (const node of route.pages.flatMap((page) => page.nodes.flatMap((shown) => flat(shown)))) {
    if (listed.has(node)) continue
    listed.add(node)
    const place = trail(form, node).join(' › ')
    if (place !== heading && place) list.append(el('li', { class: 'overview__heading' }, place))
    heading = place
    const entry = questionEntry(form, node, go)
    if (entry) list.append(entry)
  }
  return list
}

/**
 * Gives the list of the questions that have a problem, each with what is wrong.
 *
 * @param {Form} form
 * @param {{node: FormNode, text: string}[]} problems
 * @param {(node: FormNode) => void} go
 * @returns {HTMLElement}
 */
export function problemList(form, problems, go) {
  return el('ol', { class: 'overview' }, ...problems.map(({ node, text }) =>
    entry(go, node, [...rowTitles(form, node), labelOf(form, node)].join(' › '), el('span', { class: 'overview__mark overview__mark--wrong' }, icon('alert'), text))))
}

/**
 * @param {FormNode} node
 * @returns {FormNode[]}
 */
function flat(node) {
  if (node.kind !== 'repeat') return [node]
  return [node, ...node.children.flatMap(questions)]
}

/**
 * @param {FormNode} node
 * @returns {FormNode[]}
 */
function questions(node) {
  if (node.kind === 'question') return isShown(node) ? [node] : []
  return node.isRelevant ? node.children.flatMap(questions) : []
}

/**
 * @param {Form} form
 * @param {FormNode} node
 * @param {(node: FormNode) => void} go
 */
function questionEntry(form, node, go) {
  if (node.kind === 'repeat') return entry(go, node, labelOf(form, node), el('span', { class: 'overview__answer' }, t('fill.rows', { count: node.children.length })))
  if (node.kind !== 'question') return null
  if (node.isReadonly) return node.value ? entry(go, node, labelOf(form, node), el('span', { class: 'overview__answer' }, form.display(node))) : null
  const problem = form.problem(node)
  if (problem && problem.kind !== 'required') return entry(go, node, labelOf(form, node), el('span', { class: 'overview__mark overview__mark--wrong' }, icon('alert'), `${form.display(node)} · ${t('fill.wrong')}`))
  if (node.value) return entry(go, node, labelOf(form, node), el('span', { class: 'overview__answer' }, icon('check'), form.display(node)))
  return entry(go, node, labelOf(form, node), el('span', { class: `overview__mark${node.isRequired ? ' overview__mark--wrong' : ''}` }, node.isRequired && icon('alert'), t(node.isRequired ? 'fill.missing' : 'fill.unanswered')))
}

/**
 * @param {(node: FormNode) => void} go
 * @param {FormNode} node
 * @param {string} label
 * @param {HTMLElement} state
 */
function entry(go, node, label, state) {
  return el('li', { class: 'overview__entry' }, el('button', { type: 'button', class: 'overview__go', onclick: () => go(node) }, el('span', { class: 'overview__label' }, label), state))
}

/**
 * @param {Form} form
 * @param {FormNode} node
 */
function labelOf(form, node) {
  return form.text(node, 'label') || node.name
}

/**
 * @param {Form} form
 * @param {FormNode} node
 * @returns {string[]}
 */
function rowTitles(form, node) {
  const titles = []
  for (let at = node.parent; at; at = at.parent) if (at.kind === 'row') titles.unshift(rowTitle(form, at))
  return titles
}
