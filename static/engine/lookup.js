/**
 * Recognises filters that an index can answer.
 */

/** @typedef {import('./parser.js').Ast} Ast */

/**
 * Gives column and value of `column = value`, where the value is the same for every item.
 *
 * @param {Ast} condition
 * @returns {{column: string, value: Ast} | null}
 */
export function keyOf(condition) {
  if (condition.kind !== 'chain' || condition.level !== 3 || condition.rest.length !== 1 || condition.rest[0].op !== '=') return null
  const [left, right] = [condition.first, condition.rest[0].right]
  if (columnOf(left) !== null && isSameForAll(right)) return { column: /** @type {string} */ (columnOf(left)), value: right }
  if (columnOf(right) !== null && isSameForAll(left)) return { column: /** @type {string} */ (columnOf(right)), value: left }
  return null
}

/** @param {Ast} ast */
function columnOf(ast) {
  if (ast.kind !== 'path' || ast.start !== 'context' || ast.steps.length !== 1) return null
  const [{ axis, test, predicates }] = ast.steps
  return axis === 'child' && predicates.length === 0 && test !== '*' && !test.endsWith('()') ? test : null
}

/** @param {Ast} ast */
function isSameForAll(ast) {
  if (ast.kind === 'string') return true
  if (ast.kind !== 'path' || ast.start === 'context') return false
  if (ast.steps.some((step) => step.predicates.length > 0)) return false
  return ast.start === 'root' || (ast.start.kind === 'call' && ast.start.name === 'current')
}
