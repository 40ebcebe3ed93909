/**
 * What becomes of a fault in an expression while an interview runs.
 */

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
