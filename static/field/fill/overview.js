/** @import { Form, FormNode } from './types.js' */
/** @import { Route } from './route.js' */
import { el } from '../dom.js'
import { t } from './later-t.js'
import { icon } from './icon.js'
import { isShown, rowName, trail } from './layout.js'
import { lazyList } from './lazy-list.js'

/** From how many questions on a search box helps. */
const SEARCH_FROM = 20

/** @typedef {{node: FormNode, place: string}} Listed a question or repeat, and the groups and rows that it lies in */

/**
 * What the list asks of the fill screen.
 *
 * @typedef {object} OverviewHost
 * @property {FormNode|null} present the question that the volunteer is at
 * @property {boolean} isScrolling whether the form is shown whole
 * @property {(node: FormNode) => void} go
 * @property {() => void} toReview
 * @property {() => void} switchLayout
 */

/**
 * Gives the sheet with the list of all questions, to be put on the page and shown.
 *
 * @param {Form} form
 * @param {Route} route
 * @param {OverviewHost} host
 * @returns {HTMLDialogElement}
 */
export function openOverview(form, route, { present, isScrolling, go, toReview, switchLayout }) {
  const dialog = el('dialog', { class: 'sheet', 'aria-label': t('fill.list') })
  const close = (/** @type {() => void} */ then) => () => {
    dialog.close()
    then()
  }
  dialog.append(
    el('div', { class: 'sheet__head' },
      el('h2', {}, t('fill.list')),
      el('button', { type: 'button', class: 'button button--quiet button--icon', 'aria-label': t('fill.close'), onclick: () => dialog.close() }, icon('close'))),
    ...questionList(form, route, present, (node) => close(() => go(node))()),
    el('button', { type: 'button', class: 'button button--block', onclick: close(toReview) }, t('fill.to_review')),
    el('button', { type: 'button', class: 'button button--quiet button--block sheet__layout', onclick: close(switchLayout) }, t(isScrolling ? 'fill.show_pages' : 'fill.show_whole')))
  dialog.addEventListener('close', () => dialog.remove())
  // It has a height only once it is shown.
  requestAnimationFrame(() => dialog.querySelector('[aria-current]')?.scrollIntoView({ block: 'center' }))
  return dialog
}

/**
 * Gives the list of all questions with their answers in short: those with a fault and those without an answer are
 * marked by sign and word, the present one as such. A tap leads there. A long list can be searched.
 *
 * @param {Form} form
 * @param {Route} route
 * @param {FormNode|null} present
 * @param {(node: FormNode) => void} go
 * @returns {HTMLElement[]}
 */
function questionList(form, route, present, go) {
  const listed = allListed(form, route)
  const draw = (/** @type {Listed[]} */ some) => {
    const entries = withHeadings(some, ({ node }) => questionEntry(form, node, go, node === present))
    return lazyList(entries.map(({ make }) => make), Math.max(0, entries.findIndex(({ node }) => node === present)))
  }
  let list = draw(listed)
  if (listed.length < SEARCH_FROM) return [list]
  const none = el('p', { class: 'soft', role: 'status', hidden: true }, t('fill.list_none'))
  const query = el('input', { type: 'search', class: 'input sheet__search', autocomplete: 'off', placeholder: t('widget.search'), 'aria-label': t('widget.search') })
  /** @type {string[]|null} */
  let texts = null
  query.addEventListener('input', () => {
    texts ??= listed.map(({ node, place }) => `${place} ${labelOf(form, node)} ${node.kind === 'question' ? form.display(node) : ''}`.toLowerCase())
    const words = query.value.toLowerCase().split(/\s+/)
    const found = listed.filter((_, index) => words.every((word) => texts?.[index].includes(word)))
    const next = draw(found)
    list.replaceWith(next)
    list = next
    none.hidden = found.length > 0
  })
  return [query, none, list]
}

/**
 * Gives everything that the list names, in form order.
 *
 * @param {Form} form
 * @param {Route} route
 * @returns {Listed[]}
 */
function allListed(form, route) {
  /** @type {Map<FormNode|null, string>} */
  const places = new Map()
  const placeOf = (/** @type {FormNode} */ node) => {
    const known = places.get(node.parent)
    const place = known ?? trail(form, node).join(' › ')
    if (known === undefined) places.set(node.parent, place)
    return place
  }
  const nodes = new Set(route.pages.flatMap((page) => page.nodes.flatMap(flat)))
  return [...nodes].filter(isListed).map((node) => ({ node, place: placeOf(node) }))
}

/**
 * Puts a heading before each run of entries that lie in the same place.
 *
 * @param {Listed[]} listed
 * @param {(entry: Listed) => HTMLElement} draw
 * @returns {{node: FormNode|null, make: () => HTMLElement}[]}
 */
function withHeadings(listed, draw) {
  let heading = ''
  return listed.flatMap((entry) => {
    const { place, node } = entry
    const isNew = place !== heading && place !== ''
    heading = place
    const item = { node, make: () => draw(entry) }
    return isNew ? [{ node: null, make: () => el('li', { class: 'overview__heading' }, place) }, item] : [item]
  })
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
  return lazyList(problems.map(({ node, text }) => () =>
    entry(go, node, [...rowNames(form, node), labelOf(form, node)].join(' › '), el('span', { class: 'overview__mark overview__mark--wrong' }, icon('alert'), text))))
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
  if (node.kind === 'repeat') return node.isRelevant ? flat(node) : []
  return node.isRelevant ? node.children.flatMap(questions) : []
}

/**
 * A note without a value has nothing to lead to, nor has the head of a table of choices.
 *
 * @param {FormNode} node
 */
function isListed({ kind, isReadonly, value, def }) {
  return kind === 'repeat' || (kind === 'question' && (!isReadonly || value !== '') && def.appearance !== 'label')
}

/**
 * @param {Form} form
 * @param {FormNode} node
 * @param {(node: FormNode) => void} go
 * @param {boolean} isPresent
 */
function questionEntry(form, node, go, isPresent) {
  return entry(go, node, labelOf(form, node), stateOf(form, node), isPresent)
}

/**
 * @param {Form} form
 * @param {FormNode} node
 * @returns {HTMLElement}
 */
function stateOf(form, node) {
  const answer = (/** @type {(Node|string|false)[]} */ ...content) => el('span', { class: 'overview__answer' }, ...content)
  const mark = (/** @type {boolean} */ isWrong, /** @type {string} */ text) => el('span', { class: `overview__mark${isWrong ? ' overview__mark--wrong' : ''}` }, isWrong && icon('alert'), text)
  if (node.kind === 'repeat') return answer(t('fill.rows', { count: node.children.length }))
  if (node.isReadonly) return answer(form.display(node))
  if (node.missing) return answer(icon('check'), inWords(node.missing))
  const problem = form.problem(node)
  if (problem && problem.kind !== 'required') return mark(true, `${form.display(node)} · ${t('fill.wrong')}`)
  if (problem) return mark(true, t('fill.missing'))
  return node.value ? answer(icon('check'), form.display(node)) : mark(false, t('fill.unanswered'))
}

/** @param {string} reason why there is no answer */
function inWords(reason) {
  const words = el('span')
  import('./missing.js').then(({ showReason }) => showReason(words, reason))
  return words
}

/**
 * @param {(node: FormNode) => void} go
 * @param {FormNode} node
 * @param {string} label
 * @param {HTMLElement} state
 * @param {boolean} [isPresent]
 */
function entry(go, node, label, state, isPresent = false) {
  return el('li', { class: 'overview__entry' },
    el('button', { type: 'button', class: 'overview__go', 'aria-current': isPresent ? 'step' : null, onclick: () => go(node) },
      el('span', { class: 'overview__label' }, label),
      isPresent && el('span', { class: 'overview__here' }, t('fill.here')),
      state))
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
function rowNames(form, node) {
  const names = []
  for (let at = node.parent; at; at = at.parent) if (at.kind === 'row') names.unshift(rowName(form, at))
  return names
}
