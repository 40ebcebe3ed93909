/**
 * What is wrong with an answer.
 */
import { fitsType } from './types.js'

/** @typedef {import('./tree.js').FormNode} FormNode */
/** @typedef {{node: FormNode, kind: 'required' | 'type' | 'constraint', message: string}} Problem */

/**
 * Gives what is wrong with an answer, null where nothing is. What is not relevant or not shown has no problem.
 *
 * @param {FormNode} node
 * @param {import('./judgement.js').Judgement} judgement
 * @param {(node: FormNode, what: 'required_message' | 'constraint_message') => string} textOf
 * @returns {Problem | null}
 */
export function problemOf(node, judgement, textOf) {
  const { kind, def, value } = node
  if (kind !== 'question' || !node.isRelevant || def.control === undefined) return null
  if (value.trim() === '') return node.isRequired && !node.isReadonly && node.missing === '' ? { node, kind: 'required', message: textOf(node, 'required_message') } : null
  if (!fitsType(value, def.type)) return { node, kind: 'type', message: '' }
  return judgement.holds(def.constraint, node, true) ? null : { node, kind: 'constraint', message: textOf(node, 'constraint_message') }
}
