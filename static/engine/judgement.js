/**
 * What a form's expressions give at its nodes. A fault in an expression never stops an interview: the question then
 * behaves as if it had no such expression, and `checkModel` shows the fault to the author before.
 */
import { contextAt, evaluate } from './evaluate.js'
import { answerOf } from './types.js'
import { holds, toNumber, toText } from './values.js'

/** @typedef {import('./tree.js').FormNode} FormNode */

/** More rows than this are a slip of the pen in the number asked for. */
export const MAX_ROWS = 1000

/** Evaluates the expressions of one form. */
export class Judgement {
  #compiled
  #env

  /**
   * @param {import('./plan.js').CompiledModel} compiled
   * @param {import('./evaluate.js').Environment} env
   */
  constructor(compiled, env) {
    this.#compiled = compiled
    this.#env = env
  }

  /**
   * Gives the value of an expression at a node; `""` where it has a fault.
   *
   * @param {string} expression
   * @param {FormNode} node
   * @returns {import('./values.js').Value}
   */
  value(expression, node) {
    const ast = this.#compiled.expression(expression)
    return ast === null ? '' : withoutFault(() => evaluate(ast, contextAt(node, this.#env)), '')
  }

  /**
   * Says whether a condition holds at a node.
   *
   * @param {string | undefined} expression
   * @param {FormNode} node
   * @param {boolean} otherwise what holds where there is no expression or it has a fault
   */
  holds(expression, node, otherwise) {
    if (expression === undefined) return otherwise
    const ast = this.#compiled.expression(expression)
    return ast === null ? otherwise : withoutFault(() => holds(evaluate(ast, contextAt(node, this.#env))), otherwise)
  }

  /**
   * Says whether a question is required or read-only; computed when first asked.
   *
   * @param {FormNode} node
   * @param {'required' | 'readonly'} key
   */
  state(node, key) {
    const kept = node.cache[key]
    if (kept !== undefined) return /** @type {boolean} */ (kept)
    const state = this.holds(node.def[key], node, false)
    node.cache[key] = state
    return state
  }

  /**
   * Gives what an expression comes to as an answer to a question.
   *
   * @param {string | undefined} expression nothing or blank: no answer
   * @param {FormNode} node
   */
  answer(expression, node) {
    if (expression === undefined || expression.trim() === '') return ''
    return answerOf(this.value(expression, node), node.def.type, this.#env.zone)
  }

  /**
   * Gives the number of rows that a repeat's `count` asks for.
   *
   * @param {FormNode} repeat
   */
  rowCount(repeat) {
    const count = toNumber(toText(this.value(repeat.def.count ?? '', repeat)), this.#env.zone)
    return Number.isNaN(count) ? 0 : Math.min(Math.max(Math.trunc(count), 0), MAX_ROWS)
  }
}

/**
 * Gives what a computation gives, or something else where an expression in it has a fault. What the host throws to stop
 * the engine (no more time or memory) passes through.
 *
 * @template T
 * @param {() => T} compute
 * @param {T} otherwise
 * @returns {T}
 */
export function withoutFault(compute, otherwise) {
  try {
    return compute()
  } catch (error) {
    if (error instanceof Error && error.name === 'InternalError') throw error
    return otherwise
  }
}
