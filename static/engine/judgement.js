/**
 * What a form's expressions give at its nodes. A fault in an expression never stops an interview: the question then
 * behaves as if it had no such expression, and `checkModel` shows the fault to the author before.
 */
import { validAnswer } from './choices.js'
import { contextAt, evaluate } from './evaluate.js'
import { withoutFault } from './fault.js'
import { MAX_ROWS } from './rows.js'
import { answerOf } from './types.js'
import { holds, toNumber, toText } from './values.js'

/** @typedef {import('./tree.js').FormNode} FormNode */

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
    node[key] ??= this.holds(node.def[key], node, false)
    return /** @type {boolean} */ (node[key])
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

  /**
   * Says whether every name in a select's answer is among its choices as filtered now; true for other questions.
   *
   * @param {FormNode} node
   */
  isAmongChoices(node) {
    const { def, value } = node
    if (def.itemset === undefined || value === '') return true
    const answer = def.control === 'select1' ? value : value.trim().split(/\s+/).join(' ')
    return withoutFault(() => validAnswer(node, this.#compiled, this.#env) === answer, false)
  }
}
