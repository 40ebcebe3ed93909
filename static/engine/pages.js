/**
 * Cuts a form into pages: a page for each question, one for a `field-list` group, one for a repeat before its rows.
 */
import { isOpenRepeat } from './rows.js'

/** @typedef {import('./tree.js').FormNode} FormNode */
/**
 * @typedef {object} Page
 * @property {string} id the id of `node`
 * @property {FormNode} node a question; the group or row that is one page; or a repeat, to which rows are added here
 * @property {FormNode[]} nodes what is shown, in form order. A repeat among them that is not the page's own `node` is
 *   shown with its rows; those rows' questions are not listed again
 * @property {string[]} titles labels of the groups and rows around, outermost first
 */

/**
 * @typedef {object} Labels
 * @property {(node: FormNode) => string} labelOf
 * @property {(row: FormNode) => boolean} isFixed whether the row's label says the same for every row
 */

/**
 * Gives the pages of what is relevant now.
 *
 * @param {FormNode} root
 * @param {Labels} labels
 * @returns {Page[]}
 */
export function pagesOf(root, labels) {
  /** @type {Page[]} */
  const pages = []
  if (isFieldList(root)) addPage(root, visibleIn(root), [], pages)
  else addPages(root, [], labels, pages)
  return pages
}

/**
 * @param {FormNode} parent
 * @param {string[]} titles
 * @param {Labels} labels
 * @param {Page[]} pages
 */
function addPages(parent, titles, labels, pages) {
  for (const node of parent.children) {
    if (!node.isRelevant) continue
    if (node.kind === 'question') {
      if (isVisible(node)) addPage(node, [node], titles, pages)
      continue
    }
    if (node.kind === 'repeat' && isOpenRepeat(node)) addPage(node, [node], titles, pages)
    if (node.kind === 'repeat') addPages(node, titles, labels, pages)
    else {
      const inner = [...titles, titleOf(node, labels)].filter((title) => title !== '')
      if (isFieldList(node)) addPage(node, visibleIn(node), inner, pages)
      else addPages(node, inner, labels, pages)
    }
  }
}

/**
 * @param {FormNode} node
 * @param {FormNode[]} nodes
 * @param {string[]} titles
 * @param {Page[]} pages
 */
function addPage(node, nodes, titles, pages) {
  if (nodes.length > 0) pages.push({ id: node.id, node, nodes, titles })
}

/**
 * A row whose label holds no value of its own is told apart by its number.
 *
 * @param {FormNode} node
 * @param {Labels} labels
 */
function titleOf(node, { labelOf, isFixed }) {
  const label = labelOf(node)
  return node.kind === 'row' && label !== '' && isFixed(node) ? `${label} ${node.rowNumber}` : label
}

/**
 * @param {FormNode} parent
 * @returns {FormNode[]}
 */
function visibleIn(parent) {
  return parent.children.flatMap((node) => {
    if (!node.isRelevant) return []
    if (node.kind === 'group') return visibleIn(node)
    return node.kind === 'repeat' || isVisible(node) ? [node] : []
  })
}

/** @param {FormNode} node */
function isVisible(node) {
  return node.def.control !== undefined
}

/** @param {FormNode} node */
function isFieldList({ def }) {
  return def.appearance !== undefined && def.appearance.split(/\s+/).includes('field-list')
}
