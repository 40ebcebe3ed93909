/**
 * What a form allows to be done with the rows of its repeats.
 */

/** @typedef {import('./tree.js').FormNode} FormNode */

/** More rows than this are a slip of the pen in the number asked for. */
export const MAX_ROWS = 1000

/** @param {FormNode} node a repeat or row whose number of rows is neither counted nor fixed */
export function isOpenRepeat({ def }) {
  return def.count === undefined && def.fixed !== true
}

/** @param {FormNode} repeat */
export function canAddTo(repeat) {
  return repeat.kind === 'repeat' && isOpenRepeat(repeat) && repeat.isRelevant && repeat.children.length < MAX_ROWS
}

/** @param {FormNode} row */
export function canRemoveRow(row) {
  return row.kind === 'row' && isOpenRepeat(row)
}

/**
 * @param {FormNode} row
 * @param {number} by
 */
export function canMoveBy(row, by) {
  if (!canRemoveRow(row) || row.parent === null) return false
  const at = row.parent.children.indexOf(row)
  return at >= 0 && row.parent.children[at + by] !== undefined
}
