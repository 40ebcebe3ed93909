/** @import { Form, FormNode, Page } from './types.js' */

/**
 * One thing on a page. `key` is the same for as long as the same thing is shown in the same way.
 *
 * @typedef {object} Item
 * @property {string} key
 * @property {'heading'|'question'|'repeat'|'rows'|'row'|'add'} kind
 * @property {FormNode} node
 * @property {number} depth how many repeats of this page it lies in
 * @property {boolean} [isTabular] a row or the head of a table of choices
 */

/**
 * Gives what a page shows, flat and in order: questions, the headings of the groups they are in, and repeats. A
 * repeat that has the page to itself is a list of its rows; inside a field-list its rows' questions follow one another.
 *
 * @param {Form} form
 * @param {Page} page
 * @returns {Item[]}
 */
export function pageItems(form, page) {
  /** @type {Item[]} */
  const items = []
  /** @type {Set<FormNode>} */
  const seen = new Set()
  if (page.node.kind === 'group') seen.add(page.node)
  for (const node of page.nodes) {
    if (isInside(node, seen)) continue
    if (node.kind === 'repeat') {
      seen.add(node)
      addHeadings(form, page, node, seen, items)
      if (isRowList(page)) items.push(...rowList(node))
      else items.push(...inlineRows(form, node, 1))
    } else {
      addHeadings(form, page, node, seen, items)
      items.push(question(node, 0))
    }
  }
  return items
}

/**
 * Tells whether the page is a repeat's list of rows. In a field-list the rows' questions stand on the page itself.
 *
 * @param {Page} page
 * @returns {boolean}
 */
export function isRowList({ node, nodes }) {
  return node.kind === 'repeat' && nodes[0] === node
}

/**
 * Tells whether a question is one that people see: it has a control and is relevant.
 *
 * @param {FormNode} node
 * @returns {boolean}
 */
export function isShown(node) {
  return node.isRelevant && Boolean(node.def.control)
}

/**
 * Gives the title of a repeat's row: the repeat's label and the row's number, as in `Member 2`.
 *
 * @param {Form} form
 * @param {FormNode} row
 * @returns {string}
 */
export function rowTitle(form, row) {
  const repeat = /** @type {FormNode} */ (row.parent)
  return `${form.text(row, 'label') || form.text(repeat, 'label') || repeat.name} ${repeat.children.indexOf(row) + 1}`
}

/**
 * Gives the first answer inside a node in words, by which a row is told from its neighbours.
 *
 * @param {Form} form
 * @param {FormNode} node
 * @returns {string}
 */
export function firstAnswer(form, node) {
  if (node.kind === 'question') return isShown(node) && node.value ? form.display(node) : ''
  for (const child of node.children) {
    const answer = firstAnswer(form, child)
    if (answer) return answer
  }
  return ''
}

/** So many letters of a row's first answer are enough to know the row by. */
const NAME_LENGTH = 24

/**
 * Gives the name that a row goes by: its title and its first answer, as in `Member 2 · Wang`.
 *
 * @param {Form} form
 * @param {FormNode} row
 * @returns {string}
 */
export function rowName(form, row) {
  const title = rowTitle(form, row)
  const answer = firstAnswer(form, row)
  if (!answer || title.includes(answer)) return title
  return `${title} · ${answer.length > NAME_LENGTH ? `${answer.slice(0, NAME_LENGTH)}…` : answer}`
}

/**
 * Tells whether a node lies inside another.
 *
 * @param {FormNode} node
 * @param {FormNode} ancestor
 * @returns {boolean}
 */
export function isWithin(node, ancestor) {
  for (let at = node.parent; at; at = at.parent) if (at === ancestor) return true
  return false
}

/**
 * Gives the labels of what a node lies in, outermost first: groups by their label, rows by their name.
 *
 * @param {Form} form
 * @param {FormNode} node
 * @returns {string[]}
 */
export function trail(form, node) {
  const titles = []
  for (let at = node.parent; at && at.parent; at = at.parent) {
    const title = at.kind === 'row' ? rowName(form, at) : at.kind === 'group' ? form.text(at, 'label') : ''
    if (title) titles.unshift(title)
  }
  return titles
}

/**
 * @param {FormNode} node
 * @param {Set<FormNode>} seen repeats that are listed already, with all that is in them
 */
function isInside(node, seen) {
  for (let at = node.parent; at; at = at.parent) if (at.kind === 'repeat' && seen.has(at)) return true
  return false
}

/**
 * Adds the heading of each group between the page and the node that has not had one.
 *
 * @param {Form} form
 * @param {Page} page
 * @param {FormNode} node
 * @param {Set<FormNode>} seen
 * @param {Item[]} items
 */
function addHeadings(form, page, node, seen, items) {
  if (page.node === node) return
  const groups = []
  for (let at = node.parent; at && at !== page.node; at = at.parent) if (at.kind === 'group') groups.unshift(at)
  for (const group of groups) {
    if (!group.parent || seen.has(group)) continue
    seen.add(group)
    if (form.text(group, 'label')) items.push({ key: `heading:${group.id}`, kind: 'heading', node: group, depth: 0 })
  }
}

/**
 * @param {FormNode} repeat
 * @returns {Item[]}
 */
function rowList(repeat) {
  return [
    { key: `repeat:${repeat.id}`, kind: 'repeat', node: repeat, depth: 0 },
    { key: `rows:${repeat.id}`, kind: 'rows', node: repeat, depth: 0 },
    { key: `add:${repeat.id}`, kind: 'add', node: repeat, depth: 0 },
  ]
}

/**
 * @param {Form} form
 * @param {FormNode} repeat
 * @param {number} depth
 * @returns {Item[]}
 */
function inlineRows(form, repeat, depth) {
  const rows = repeat.children.flatMap((row) => [
    { key: `row:${row.id}`, kind: /** @type {const} */ ('row'), node: row, depth },
    ...inside(form, row, depth),
  ])
  return [
    { key: `repeat:${repeat.id}`, kind: 'repeat', node: repeat, depth: depth - 1 },
    ...rows,
    { key: `add:${repeat.id}`, kind: 'add', node: repeat, depth: depth - 1 },
  ]
}

/**
 * @param {Form} form
 * @param {FormNode} parent
 * @param {number} depth
 * @returns {Item[]}
 */
function inside(form, parent, depth) {
  return parent.children.flatMap((node) => {
    if (!node.isRelevant) return []
    if (node.kind === 'repeat') return inlineRows(form, node, depth + 1)
    if (node.kind === 'question') return isShown(node) ? [question(node, depth)] : []
    const within = inside(form, node, depth)
    const hasHeading = within.length && form.text(node, 'label')
    return hasHeading ? [{ key: `heading:${node.id}`, kind: 'heading', node, depth }, ...within] : within
  })
}

/**
 * A question that turns read-only is another item: its widget is exchanged.
 *
 * @param {FormNode} node
 * @param {number} depth
 * @returns {Item}
 */
function question(node, depth) {
  const isTabular = Boolean(node.def.itemset) && /(?:^| )(?:list-nolabel|label)(?: |$)/.test(node.def.appearance ?? '')
  return { key: `question:${node.id}:${node.isReadonly}`, kind: 'question', node, depth, isTabular }
}
