/**
 * Gives an expression's value at a node (XPath 1.0 section 3, with the contextualising of ODK XForms: an absolute path
 * that runs through the repeat row in which it is evaluated stays in that row).
 */
import { addValues } from './arithmetic.js'
import { chainOf, stepFrom } from './axes.js'
import { DateValue } from './calendar.js'
import { functionNamed } from './functions/library.js'
import { Instance } from './instances.js'
import { ExpressionError } from './lexer.js'
import { keyOf } from './lookup.js'
import { compare, toBoolean, toNumber } from './values.js'

/** @typedef {import('./parser.js').Ast} Ast */
/** @typedef {import('./parser.js').Step} Step */
/** @typedef {import('./values.js').Value} Value */
/** @typedef {import('./values.js').XNode} XNode */

/**
 * What expressions know of the form and the world.
 *
 * @typedef {object} Environment
 * @property {XNode} top the node above the root
 * @property {(path: string) => XNode | null} single the only node of an absolute path that runs through no repeat
 * @property {import('./calendar.js').Zone} zone
 * @property {() => number} now
 * @property {() => number} random
 * @property {() => string} uuid
 * @property {(id: string) => import('./instances.js').Instance | import('./saved.js').SavedAnswers | null} instance
 * @property {(value: string, path: string, at: XNode) => string} choiceName
 * @property {(key: string) => string} itext
 * @property {() => string} language code of the language in which dates are written
 */
/**
 * @typedef {object} Context
 * @property {XNode} node
 * @property {number} position from 1
 * @property {number} size
 * @property {XNode} current the node that the whole expression belongs to
 * @property {Environment} env
 */

/**
 * Gives the value of an expression.
 *
 * @param {Ast} ast
 * @param {Context} context
 * @returns {Value}
 * @throws {ExpressionError} for an unknown function or a wrong number of arguments
 */
export function evaluate(ast, context) {
  switch (ast.kind) {
    case 'number':
    case 'string':
      return ast.value
    case 'chain':
      return CHAINS[ast.level](ast, context)
    case 'path': {
      const single = ast.name === undefined ? null : context.env.single(ast.name)
      if (single !== null) return single.isRelevant ? [single] : []
      return selectNodes(ast, context).filter(isRelevantNode)
    }
    case 'call':
      return call(ast, context)
    case 'negate':
      return -toNumber(evaluate(ast.operand, context), context.env.zone)
    case 'union':
      return unionOf(ast.parts, context)
    case 'filter':
      return applyPredicates(nodesOf(evaluate(ast.base, context)), ast.predicates, context)
  }
}

/**
 * Gives the context for a whole expression that belongs to a node.
 *
 * @param {XNode} node
 * @param {Environment} env
 * @returns {Context}
 */
export function contextAt(node, env) {
  return { node, position: 1, size: 1, current: node, env }
}

/** @param {XNode} node */
function isRelevantNode(node) {
  return node.isRelevant
}

/** @typedef {Extract<Ast, {kind: 'chain'}>} Chain */

/** @type {Record<number, (ast: Chain, context: Context) => Value>} */
const CHAINS = {
  1: (ast, context) => isTrue(ast.first, context) || ast.rest.some(({ right }) => isTrue(right, context)),
  2: (ast, context) => isTrue(ast.first, context) && ast.rest.every(({ right }) => isTrue(right, context)),
  3: compareChain,
  4: compareChain,
  5: sumChain,
  6: productChain,
}

/**
 * @param {Ast} ast
 * @param {Context} context
 */
function isTrue(ast, context) {
  return toBoolean(evaluate(ast, context))
}

/**
 * @param {Chain} ast
 * @param {Context} context
 * @returns {Value}
 */
function compareChain(ast, context) {
  let left = evaluate(ast.first, context)
  for (const { op, right } of ast.rest) left = compare(op, left, evaluate(right, context), context.env.zone)
  return left
}

/**
 * @param {Chain} ast
 * @param {Context} context
 * @returns {Value}
 */
function sumChain(ast, context) {
  const { zone } = context.env
  let left = evaluate(ast.first, context)
  for (const { op, right } of ast.rest) left = addValues(left, op, evaluate(right, context), zone)
  return left instanceof DateValue || typeof left === 'number' ? left : toNumber(left, zone)
}

/**
 * @param {Chain} ast
 * @param {Context} context
 * @returns {Value}
 */
function productChain(ast, context) {
  const { zone } = context.env
  let left = toNumber(evaluate(ast.first, context), zone)
  for (const { op, right } of ast.rest) {
    const factor = toNumber(evaluate(right, context), zone)
    if (op === '*') left *= factor
    else if (op === 'div') left /= factor
    else left %= factor
  }
  return left
}

/**
 * @param {Extract<Ast, {kind: 'call'}>} ast
 * @param {Context} context
 * @returns {Value}
 */
function call(ast, context) {
  const definition = functionNamed(ast.name)
  if (definition === null) throw new ExpressionError('unknown_function', `There is no function ${ast.name}().`, ast.at)
  if (ast.args.length < definition.min || ast.args.length > definition.max) {
    throw new ExpressionError('argument_count', `The function ${ast.name}() does not take ${ast.args.length} arguments.`, ast.at)
  }
  if (definition.lazy) return definition.lazy(ast.args, context, EVALUATOR)
  const args = []
  for (const arg of ast.args) args.push(evaluate(arg, context))
  return definition.run(args, context)
}

/** What functions that look at their arguments' syntax need of this file. */
const EVALUATOR = { evaluate, selectNodes }

/** @typedef {typeof EVALUATOR} Evaluator */

/**
 * @param {Ast[]} parts
 * @param {Context} context
 */
function unionOf(parts, context) {
  /** @type {Set<XNode>} */
  const nodes = new Set()
  for (const part of parts) for (const node of nodesOf(evaluate(part, context))) nodes.add(node)
  return [...nodes]
}

/**
 * @param {Value} value
 * @returns {XNode[]}
 */
function nodesOf(value) {
  return Array.isArray(value) ? value : []
}

/**
 * Gives the nodes of a path, those that are not relevant included.
 *
 * @param {Ast} ast
 * @param {Context} context
 * @param {XNode[]} [guide] nodes from the root down that an absolute path follows where its names are theirs; the
 *   context's own ancestors unless given
 * @returns {XNode[]}
 */
export function selectNodes(ast, context, guide) {
  if (ast.kind !== 'path') return nodesOf(evaluate(ast, context))
  if (ast.start === 'context') return walk([context.node], ast.steps, 0, context)
  if (ast.start === 'root') return guidedWalk(ast.steps, context, guide)
  const { start } = ast
  const instance = start.kind === 'call' && start.name === 'instance' ? indexedItems(start, ast.steps, context) : null
  if (instance !== null) return walk(instance, ast.steps, 2, context)
  return walk(nodesOf(evaluate(start, context)), ast.steps, 0, context)
}

/**
 * A node of a secondary instance has no rows around it; there the row of the expression itself counts.
 *
 * @param {Context} context
 */
function ancestry(context) {
  const own = chainOf(context.node)
  return own[0] === context.env.top ? own : chainOf(context.current)
}

/**
 * @param {Step[]} steps
 * @param {Context} context
 * @param {XNode[] | undefined} guide
 */
function guidedWalk(steps, context, guide) {
  let node = context.env.top
  let way = guide
  let depth = 0
  for (; depth < steps.length; depth += 1) {
    const { axis, test, predicates } = steps[depth]
    if (axis !== 'child' || test === '*' || predicates.length > 0) break
    const found = node.down(test)
    if (found.length === 1) {
      node = found[0]
      continue
    }
    // The path to the repeat itself means all its rows: count(/data/members) asks how many there are.
    if (depth === steps.length - 1) break
    way ??= ancestry(context)
    const own = way[depth + 1]
    if (own === undefined || own.isContainer === true || own.name !== test || own.up() !== node) break
    node = own
  }
  return walk([node], steps, depth, context)
}

/**
 * @param {XNode[]} nodes
 * @param {Step[]} steps
 * @param {number} from
 * @param {Context} context
 */
function walk(nodes, steps, from, context) {
  for (let index = from; index < steps.length && nodes.length > 0; index += 1) nodes = takeStep(nodes, steps[index], context)
  return nodes
}

/**
 * @param {XNode[]} nodes
 * @param {Step} step
 * @param {Context} context
 */
function takeStep(nodes, step, context) {
  if (nodes.length === 1) return applyPredicates(stepFrom(nodes[0], step.axis, step.test), step.predicates, context)
  /** @type {Set<XNode>} */
  const found = new Set()
  for (const node of nodes) {
    for (const next of applyPredicates(stepFrom(node, step.axis, step.test), step.predicates, context)) found.add(next)
  }
  return [...found]
}

/**
 * @param {XNode[]} nodes
 * @param {Ast[]} predicates
 * @param {Context} context
 */
function applyPredicates(nodes, predicates, context) {
  for (const predicate of predicates) {
    if (predicate.kind === 'number') {
      const { value } = predicate
      nodes = nodes.filter((_, index) => index + 1 === value)
      continue
    }
    const size = nodes.length
    nodes = nodes.filter((node, index) => {
      const value = evaluate(predicate, { node, position: index + 1, size, current: context.current, env: context.env })
      return typeof value === 'number' ? value === index + 1 : toBoolean(value)
    })
  }
  return nodes
}

/**
 * Gives the items of `instance('x')/root/item[column = value]` through the instance's index of that column, so that a
 * list of thousands costs the matches and not the list; null where the path has another shape.
 *
 * @param {Extract<Ast, {kind: 'call'}>} start
 * @param {Step[]} steps
 * @param {Context} context
 */
function indexedItems(start, steps, context) {
  if (steps.length < 2 || steps[1].test !== 'item' || steps[1].predicates.length === 0) return null
  const id = start.args.length === 1 && start.args[0].kind === 'string' ? start.args[0].value : null
  const instance = id === null ? null : context.env.instance(id)
  if (!(instance instanceof Instance)) return null
  const [predicate, ...others] = steps[1].predicates
  const conditions = predicate.kind === 'chain' && predicate.level === 2 ? [predicate.first, ...predicate.rest.map(({ right }) => right)] : [predicate]
  /** @type {{condition: Ast, rows: number[]} | null} of several the one that leaves the fewest items */
  let best = null
  for (const condition of conditions) {
    const rows = indexedRows(condition, instance, context)
    if (rows !== null && (best === null || rows.length < best.rows.length)) best = { condition, rows }
  }
  if (best === null) return null
  const { condition: found, rows } = best
  const rest = conditions.filter((condition) => condition !== found)
  // A number among the conditions would select by position, and positions count all items.
  if (rest.some((condition) => condition.kind !== 'chain' && condition.kind !== 'call')) return null
  return applyPredicates(rows.map((row) => instance.item(row)), [...rest.map(asTruth), ...others], context)
}

/**
 * Gives the rows that an index finds for a condition, null where none can.
 *
 * @param {Ast} condition
 * @param {Instance} instance
 * @param {Context} context
 */
function indexedRows(condition, instance, context) {
  const key = keyOf(condition)
  if (key === null) return null
  const wanted = evaluate(key.value, context)
  if (typeof wanted === 'string') return instance.rowsWith(key.column, [wanted])
  return Array.isArray(wanted) ? instance.rowsWith(key.column, wanted.map((node) => node.text())) : null
}

/**
 * @param {Ast} condition
 * @returns {Ast}
 */
function asTruth(condition) {
  return { kind: 'call', name: 'boolean', args: [condition], at: 0 }
}
