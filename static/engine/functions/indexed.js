/**
 * `indexed-repeat()` (ODK XForms "Repeat Functions").
 */
import { defineLazy } from './define.js'
import { chainOf, stepFrom } from '../axes.js'
import { toNumber } from '../values.js'

/** @typedef {import('../values.js').XNode} XNode */

/** @type {Record<string, import('./define.js').FunctionDefinition>} */
export const INDEXED_FUNCTIONS = {
  'indexed-repeat': defineLazy(3, 7, indexedRepeat),
}

/**
 * Gives the node of a path in the rows that are named: `indexed-repeat(path, repeat, index, …)`; nothing where there
 * is no such row.
 *
 * @type {import('./define.js').Lazy}
 */
function indexedRepeat([path, ...pairs], context, { evaluate, selectNodes }) {
  /** @type {XNode[] | undefined} */
  let guide
  for (let at = 0; at + 1 < pairs.length; at += 2) {
    const rows = selectNodes(pairs[at], context, guide)
    const inGuide = guide === undefined ? rows : rows.filter((row) => isUnder(row, /** @type {XNode[]} */ (guide)))
    const row = siblingRows(inGuide)[toNumber(evaluate(pairs[at + 1], context), context.env.zone) - 1]
    if (row === undefined) return []
    guide = chainOf(row)
  }
  const chosen = /** @type {XNode[]} */ (guide)
  const row = chosen[chosen.length - 1]
  const [found] = selectNodes(path, context, chosen)
  if (found === undefined) return []
  const names = chainOf(found).slice(chosen.length).map((node) => node.name)
  return names.reduce((nodes, name) => nodes.flatMap((node) => stepFrom(node, 'child', name)), [row]).filter((node) => node.isRelevant)
}

/**
 * A relative path to the repeat from within one of its rows gives that row; its siblings are meant too.
 *
 * @param {XNode[]} rows
 */
function siblingRows(rows) {
  if (rows.length !== 1) return rows
  return rows[0].up()?.down(rows[0].name) ?? rows
}

/**
 * @param {XNode} node
 * @param {XNode[]} guide
 */
function isUnder(node, guide) {
  return chainOf(node).includes(guide[guide.length - 1])
}
