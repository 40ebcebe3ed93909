/**
 * Functions of sets of nodes and of rows (XPath 1.0 section 4.1; ODK XForms "Node-set Functions").
 */
import { define, defineLazy } from './define.js'
import { numbersIn } from './numbers.js'
import { toText } from '../values.js'
import { ExpressionError } from '../lexer.js'

/** @typedef {import('../values.js').XNode} XNode */
/** @typedef {import('../values.js').Value} Value */

/** @type {Record<string, import('./define.js').FunctionDefinition>} */
export const NODESET_FUNCTIONS = {
  count: define(1, 1, ([nodes]) => nodesIn(nodes, 'count').length),
  'count-non-empty': define(1, 1, ([nodes]) => nodesIn(nodes, 'count-non-empty').filter((node) => node.text() !== '').length),
  sum: define(1, 1, ([nodes], { env }) => numbersIn(nodesIn(nodes, 'sum'), env.zone).reduce((total, value) => total + value, 0)),
  min: define(1, Infinity, (args, { env }) => extreme(args.flatMap((arg) => numbersIn(arg, env.zone)), Math.min)),
  max: define(1, Infinity, (args, { env }) => extreme(args.flatMap((arg) => numbersIn(arg, env.zone)), Math.max)),
  last: define(0, 0, (_, context) => context.size),
  name: define(0, 1, (args, context) => nameOf(args, context)),
  'local-name': define(0, 1, (args, context) => nameOf(args, context).replace(/^.*:/, '')),
  position: defineLazy(0, 1, (args, context, { selectNodes }) => (args.length === 0 ? context.position : positionOf(pathNodes(args[0], context, selectNodes), context))),
  current: define(0, 0, (_, context) => [context.current]),
  instance: define(1, 1, ([id], { env }) => {
    const instance = env.instance(toText(id))
    return instance === null ? [] : [instance.root.top]
  }),
  once: defineLazy(1, 1, (args, context, { evaluate }) => {
    const kept = context.current.text()
    return kept === '' ? evaluate(args[0], context) : kept
  }),
}

/**
 * Gives the nodes of an argument that has to be a path.
 *
 * @param {Value} value
 * @param {string} name of the function
 * @throws {ExpressionError} where it is something else
 */
export function nodesIn(value, name) {
  if (Array.isArray(value)) return value
  throw new ExpressionError('not_nodes', `The function ${name}() takes a path.`, 0)
}

/**
 * @param {number[]} numbers
 * @param {(...numbers: number[]) => number} rule
 */
function extreme(numbers, rule) {
  return numbers.length === 0 ? NaN : numbers.reduce((a, b) => rule(a, b))
}

/**
 * @param {Value[]} args
 * @param {import('../evaluate.js').Context} context
 */
function nameOf(args, context) {
  if (args.length === 0) return context.node.name
  return (nodesIn(args[0], 'name')[0]?.name ?? '').replace(/^@/, '')
}

/**
 * @param {import('../parser.js').Ast} ast
 * @param {import('../evaluate.js').Context} context
 * @param {import('./define.js').Evaluator['selectNodes']} selectNodes
 */
function pathNodes(ast, context, selectNodes) {
  if (ast.kind === 'number' || ast.kind === 'string') throw new ExpressionError('not_nodes', 'The function position() takes a path.', 0)
  return selectNodes(ast, context)
}

/**
 * Gives the place, from 1, of a node among its siblings of the same name. Of several nodes the one counts in which the
 * expression stands: `position(/data/members)` in a row asks for that row.
 *
 * @param {XNode[]} nodes
 * @param {import('../evaluate.js').Context} context
 */
function positionOf(nodes, context) {
  if (nodes.length === 0) return NaN
  let node = nodes[0]
  for (let at = /** @type {XNode | null} */ (context.current); at !== null; at = at.up()) if (nodes.includes(at)) node = at
  return (node.up()?.down(node.name) ?? [node]).indexOf(node) + 1
}
