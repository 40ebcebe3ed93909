/**
 * How a function of the expression language is described.
 */

/** @typedef {import('../values.js').Value} Value */
/** @typedef {import('../evaluate.js').Context} Context */
/** @typedef {import('../evaluate.js').Evaluator} Evaluator */
/** @typedef {import('../parser.js').Ast} Ast */
/** @typedef {(args: Value[], context: Context) => Value} Run takes the arguments' values */
/** @typedef {(args: Ast[], context: Context, evaluator: Evaluator) => Value} Lazy takes the arguments unevaluated */
/** @typedef {{min: number, max: number, run: Run, lazy: Lazy | null}} FunctionDefinition */

/**
 * Describes a function of values.
 *
 * @param {number} min fewest arguments
 * @param {number} max most arguments
 * @param {Run} run
 * @returns {FunctionDefinition}
 */
export function define(min, max, run) {
  return { min, max, run, lazy: null }
}

/**
 * Describes a function that decides itself which of its arguments are evaluated, and where.
 *
 * @param {number} min
 * @param {number} max
 * @param {Lazy} lazy
 * @returns {FunctionDefinition}
 */
export function defineLazy(min, max, lazy) {
  return { min, max, run: () => '', lazy }
}
