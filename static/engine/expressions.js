/**
 * Checks a model's expressions before any response: syntax, functions, paths, and circles of calculations.
 */
import { circlesIn } from './circles.js'
import { graphOf } from './dependencies.js'
import { functionNamed } from './functions/library.js'
import { ExpressionError } from './lexer.js'
import { parse } from './parser.js'
import { compileModel, EXPRESSION_KEYS } from './plan.js'
import { LAST_SAVED } from './saved.js'
import { partsOf, TEXT_KEYS } from './textparts.js'

/** @typedef {import('./parser.js').Ast} Ast */
/** @typedef {import('./plan.js').Plan} Plan */
/** @typedef {import('./plan.js').Model} Model */
/** @typedef {{code: string, message: string, at: number}} ExpressionFault `at`: offset in the expression, from 0 */
/** @typedef {{path: string, key: string, code: string, message: string, paths?: string[]}} ModelFault `paths`: all members of a circle */

/**
 * Says what is wrong with an expression, null where nothing is.
 *
 * @param {Model} model
 * @param {string} text
 * @param {string} path without positions, of the node that the expression belongs to
 * @returns {ExpressionFault | null}
 */
export function checkExpression(model, text, path) {
  try {
    const compiled = compileModel(model)
    checkAst(parse(text), { compiled, plan: compiled.byPath.get(path) ?? compiled.root, isItem: false })
    return null
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    return { code: error.code, message: error.message, at: error.at }
  }
}

/**
 * Gives every fault of a model's expressions and every circle of its calculations.
 *
 * @param {Model} model
 * @returns {ModelFault[]}
 */
export function checkModel(model) {
  const compiled = compileModel(model)
  /** @type {ModelFault[]} */
  const faults = []
  for (const { path, key, text } of expressionsOf(model, compiled.plans)) {
    const fault = checkExpression(model, text, path)
    if (fault !== null) faults.push({ path, key, code: fault.code, message: fault.message })
  }
  for (const circle of circlesIn(graphOf(compiled).knots)) {
    const [{ plan, key }] = circle
    const names = [...circle, circle[0]].map((unit) => unit.plan.name)
    const paths = [...new Set(circle.map((unit) => unit.plan.path))]
    faults.push({ path: plan.path, key, code: 'circle', message: `These depend on each other in a circle: ${names.join(' → ')}.`, paths })
  }
  for (const { plan, key } of selfReferences(graphOf(compiled).units)) {
    faults.push({ path: plan.path, key, code: 'circle', message: `${plan.name} is calculated from itself.`, paths: [plan.path] })
  }
  return faults
}

/**
 * Gives the calculations that read the very answer that they make, by its path. `once()` and `.` may.
 *
 * @param {import('./dependencies.js').Unit[]} units
 */
function selfReferences(units) {
  return units.filter(
    ({ plan, key, reads, asts }) =>
      (key === 'calculate' || key === 'relevant') &&
      reads.some((read) => read.plan === plan && read.scope === plan.repeat && plan.kind === 'question') &&
      asts.some((ast) => namesPath(ast, plan.name)),
  )
}

/**
 * @param {Ast} ast
 * @param {string} name
 * @returns {boolean}
 */
function namesPath(ast, name) {
  if (ast.kind === 'call' && (ast.name === 'once' || ast.name === 'indexed-repeat')) return false
  if (ast.kind === 'path' && ast.steps.length > 0 && ast.steps[ast.steps.length - 1].test === name) return true
  return partsOfAst(ast).some((part) => namesPath(part, name))
}

/**
 * @param {Ast} ast
 * @returns {Ast[]}
 */
function partsOfAst(ast) {
  switch (ast.kind) {
    case 'chain':
      return [ast.first, ...ast.rest.map(({ right }) => right)]
    case 'negate':
      return [ast.operand]
    case 'union':
      return ast.parts
    case 'filter':
      return [ast.base, ...ast.predicates]
    case 'call':
      return ast.args
    case 'path':
      return [...(typeof ast.start === 'string' ? [] : [ast.start]), ...ast.steps.flatMap((step) => step.predicates)]
    default:
      return []
  }
}

/**
 * @param {Model} model
 * @param {Plan[]} plans
 * @returns {Generator<{path: string, key: string, text: string}>}
 */
function* expressionsOf(model, plans) {
  for (const { def, path } of plans) {
    for (const key of EXPRESSION_KEYS) {
      const text = def[key]
      if (text !== undefined) yield { path, key, text }
    }
    if (def.itemset !== undefined) yield { path, key: 'itemset', text: def.itemset.nodeset }
    for (const key of TEXT_KEYS) yield* textExpressions(model, path, key, def[key])
  }
  for (const { ref, value } of model.actions) if (value !== undefined && value.trim() !== '') yield { path: ref, key: 'action', text: value }
}

/**
 * @param {Model} model
 * @param {string} path
 * @param {string} key
 * @param {string | undefined} name of the text
 */
function* textExpressions(model, path, key, name) {
  if (name === undefined) return
  const seen = new Set()
  for (const texts of Object.values(model.texts)) {
    for (const text of texts[name] === undefined ? [] : partsOf(texts[name])) {
      if (!seen.has(text)) yield { path, key, text }
      seen.add(text)
    }
  }
}

/** @typedef {{compiled: import('./plan.js').CompiledModel, plan: Plan, isItem: boolean}} Where `isItem`: among the items of a list */

/**
 * @param {Ast} ast
 * @param {Where} where
 * @throws {ExpressionError}
 */
function checkAst(ast, where) {
  if (ast.kind === 'path') checkPath(ast, where)
  else {
    if (ast.kind === 'call') checkCall(ast)
    if (ast.kind === 'filter') {
      checkAst(ast.base, where)
      // What is filtered may be items of a list as well as nodes of the form.
      for (const predicate of ast.predicates) checkAst(predicate, { ...where, isItem: true })
    } else for (const part of partsOfAst(ast)) checkAst(part, where)
  }
}

/** @param {Extract<Ast, {kind: 'call'}>} ast */
function checkCall({ name, args, at }) {
  const definition = functionNamed(name)
  if (definition === null) throw new ExpressionError('unknown_function', `There is no function ${name}().`, at)
  if (args.length < definition.min || args.length > definition.max) {
    throw new ExpressionError('argument_count', `The function ${name}() does not take ${args.length} arguments.`, at)
  }
}

/**
 * @param {Extract<Ast, {kind: 'path'}>} ast
 * @param {Where} where
 */
function checkPath({ start, steps, at }, where) {
  if (typeof start !== 'string') checkAst(start, where)
  const { compiled } = where
  const isOfForm = start === 'root' || (start === 'context' && !where.isItem) || (typeof start !== 'string' && start.kind === 'call' && start.name === 'current')
  /** @type {Plan | 'top' | null} null: out of sight, such as an item of a list */
  let plan = !isOfForm ? null : start === 'root' ? 'top' : where.plan
  for (const { axis, test, predicates } of steps) {
    const next = plan === null ? null : nextPlan(plan, axis, test, compiled.root)
    if (next === undefined) throw new ExpressionError('unknown_path', `${pathText(start, steps)} names no question of this form.`, at)
    plan = next
    for (const predicate of predicates) checkAst(predicate, plan === null || plan === 'top' ? { ...where, isItem: true } : { ...where, plan, isItem: false })
  }
  if (typeof start !== 'string' && start.kind === 'call' && start.name === 'instance') checkInstance(start, compiled.model, at)
}

/**
 * @param {Plan | 'top'} plan
 * @param {string} axis
 * @param {string} test
 * @param {Plan} root
 * @returns {Plan | 'top' | null | undefined} undefined: there is no such node
 */
function nextPlan(plan, axis, test, root) {
  if (axis === 'attribute' && plan !== 'top' && test !== '*' && test !== 'node()') return plan.byName.get(`@${test}`)
  if (axis === 'self') return plan
  if (axis === 'parent') return plan === 'top' ? undefined : (plan.parent ?? 'top')
  if (axis !== 'child' || test === '*' || test.endsWith('()')) return null
  if (plan === 'top') return test === root.name ? root : undefined
  return plan.byName.get(test)
}

/**
 * @param {Extract<Ast, {kind: 'call'}>} call
 * @param {Model} model
 * @param {number} at
 */
function checkInstance({ args }, model, at) {
  if (args.length === 1 && args[0].kind === 'string' && args[0].value !== LAST_SAVED && !Object.hasOwn(model.lists, args[0].value)) {
    throw new ExpressionError('unknown_list', `There is no list ${args[0].value}.`, at)
  }
}

/**
 * @param {'root' | 'context' | Ast} start
 * @param {import('./parser.js').Step[]} steps
 */
function pathText(start, steps) {
  const names = steps.map(({ axis, test }) => (axis === 'self' ? '.' : axis === 'parent' ? '..' : axis === 'attribute' ? `@${test}` : test))
  return `${start === 'root' ? '/' : ''}${names.join('/')}`
}
