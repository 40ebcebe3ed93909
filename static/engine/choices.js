/**
 * The choices of a select question, after its filter.
 */
import { ItemNode } from './instances.js'
import { evaluate, contextAt } from './evaluate.js'
import { toText } from './values.js'

/** @typedef {import('./values.js').XNode} XNode */
/** @typedef {import('./evaluate.js').Environment} Environment */
/** @typedef {import('./tree.js').FormNode} FormNode */
/** @typedef {import('./plan.js').CompiledModel} CompiledModel */
/** @typedef {{value: string, label: string, media: Record<string, string>}} Choice */

/**
 * Gives the nodes that a question's choices are made of, in list order; the order stays until the filter changes.
 *
 * @param {FormNode} node
 * @param {CompiledModel} compiled
 * @param {Environment} env
 * @returns {XNode[]}
 */
export function choiceNodes(node, compiled, env) {
  const { itemset } = node.def
  if (itemset === undefined) return []
  if (node.cache.choices !== undefined) return /** @type {XNode[]} */ (node.cache.choices)
  const ast = compiled.expression(itemset.nodeset)
  const found = ast === null ? [] : evaluate(ast, contextAt(node, env))
  const nodes = Array.isArray(found) ? found : []
  node.cache.choices = nodes
  return nodes
}

/**
 * Gives a child's text of a choice.
 *
 * @param {XNode} item
 * @param {string | undefined} name
 * @param {CompiledModel} compiled
 * @param {Environment} env
 */
export function choiceText(item, name, compiled, env) {
  if (name === undefined) return ''
  if (item instanceof ItemNode) return item.cell(name)
  const [child] = item.down(name)
  if (child !== undefined) return child.text()
  const ast = compiled.expression(name)
  return ast === null ? '' : toText(evaluate(ast, contextAt(item, env)))
}

/**
 * Gives the choices with their labels in the present language.
 *
 * @param {FormNode} node
 * @param {CompiledModel} compiled
 * @param {Environment} env
 * @param {import('./texts.js').Texts} texts
 * @returns {Choice[]}
 */
export function choicesOf(node, compiled, env, texts) {
  return choiceNodes(node, compiled, env).map((item) => choiceOf(item, node, compiled, env, texts))
}

/**
 * @param {XNode} item
 * @param {FormNode} node
 * @param {CompiledModel} compiled
 * @param {Environment} env
 * @param {import('./texts.js').Texts} texts
 * @returns {Choice}
 */
function choiceOf(item, node, compiled, env, texts) {
  const itemset = /** @type {NonNullable<import('./plan.js').ModelNode['itemset']>} */ (node.def.itemset)
  const value = choiceText(item, itemset.value, compiled, env)
  const key = choiceText(item, itemset.label, compiled, env)
  if (!itemset.is_itext) return { value, label: key === '' ? value : key, media: {} }
  return { value, label: texts.text(key, 'text', node) || value, media: texts.media(key, node) }
}

/**
 * Gives the label of one choice; null where the question has no such choice.
 *
 * @param {string} value
 * @param {FormNode} node
 * @param {CompiledModel} compiled
 * @param {Environment} env
 * @param {import('./texts.js').Texts} texts
 */
export function choiceLabel(value, node, compiled, env, texts) {
  const { itemset } = node.def
  const item = choiceNodes(node, compiled, env).find((one) => choiceText(one, itemset?.value, compiled, env) === value)
  return item === undefined ? null : choiceOf(item, node, compiled, env, texts).label
}

/**
 * Gives an answer without the names that are no longer among the choices.
 *
 * @param {FormNode} node
 * @param {CompiledModel} compiled
 * @param {Environment} env
 */
export function validAnswer(node, compiled, env) {
  const { itemset, control } = node.def
  const names = new Set(choiceNodes(node, compiled, env).map((item) => choiceText(item, itemset?.value, compiled, env)))
  if (control === 'select1') return names.has(node.value) ? node.value : ''
  const kept = node.value.split(/\s+/).filter((name) => names.has(name))
  return kept.join(' ')
}
