/**
 * The choices of a select question, after its filter.
 */
import { ItemNode } from './instances.js'
import { evaluate, contextAt } from './evaluate.js'
import { withoutFault } from './fault.js'
import { toText } from './values.js'

/** @typedef {import('./values.js').XNode} XNode */
/** @typedef {import('./evaluate.js').Environment} Environment */
/** @typedef {import('./tree.js').FormNode} FormNode */
/** @typedef {import('./plan.js').CompiledModel} CompiledModel */
/** @typedef {{value: string, label: string, media: Record<string, string>}} Choice */

const WHOLE_LIST = /^\s*instance\('([^']*)'\)\/root\/item\s*$/

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
  if (node.choices !== undefined) return node.choices
  const ast = compiled.expression(itemset.nodeset)
  const found = ast === null ? [] : evaluate(ast, contextAt(node, env))
  const nodes = Array.isArray(found) ? found : []
  node.choices = nodes
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
 * @param {(value: string) => string} [quote] see texts.js
 * @returns {Choice[]}
 */
export function choicesOf(node, compiled, env, texts, quote) {
  return choiceNodes(node, compiled, env).map((item) => choiceOf(item, node, compiled, env, texts, quote))
}

/**
 * @param {XNode} item
 * @param {FormNode} node
 * @param {CompiledModel} compiled
 * @param {Environment} env
 * @param {import('./texts.js').Texts} texts
 * @param {(value: string) => string} [quote]
 * @returns {Choice}
 */
function choiceOf(item, node, compiled, env, texts, quote) {
  const itemset = /** @type {NonNullable<import('./plan.js').ModelNode['itemset']>} */ (node.def.itemset)
  const value = choiceText(item, itemset.value, compiled, env)
  const key = choiceText(item, itemset.label, compiled, env)
  if (!itemset.is_itext) {
    const label = key === '' ? value : key
    return { value, label: quote && !(item instanceof ItemNode) ? quote(label) : label, media: {} }
  }
  return { value, label: texts.text(key, 'text', node, quote) || value, media: texts.media(key, node) }
}

/**
 * Gives the label of one choice; null where the question has no such choice.
 *
 * @param {string} value
 * @param {FormNode} node
 * @param {CompiledModel} compiled
 * @param {Environment} env
 * @param {import('./texts.js').Texts} texts
 * @param {(value: string) => string} [quote] see texts.js
 */
export function choiceLabel(value, node, compiled, env, texts, quote) {
  const { itemset } = node.def
  const item = choiceNodes(node, compiled, env).find((one) => choiceText(one, itemset?.value, compiled, env) === value)
  return item === undefined ? null : choiceOf(item, node, compiled, env, texts, quote).label
}

/**
 * Gives the answer in words: choice labels for a select, else the value.
 *
 * @param {FormNode} node
 * @param {CompiledModel} compiled
 * @param {Environment} env
 * @param {import('./texts.js').Texts} texts
 */
export function wordsOf(node, compiled, env, texts) {
  const { value, def } = node
  if (def.itemset === undefined || value === '') return value
  const names = def.control === 'select1' ? [value] : value.trim().split(/\s+/)
  const labels = names.map((name) => withoutFault(() => choiceLabel(name, node, compiled, env, texts), null) ?? name)
  return labels.join(env.language() === 'zh' ? '、' : ', ')
}

/**
 * Gives an answer without the names that are no longer among the choices.
 *
 * @param {FormNode} node
 * @param {CompiledModel} compiled
 * @param {Environment} env
 */
export function validAnswer(node, compiled, env) {
  const isChoice = choiceTest(node, compiled, env)
  if (node.def.control === 'select1') return isChoice(node.value) ? node.value : ''
  return node.value.split(/\s+/).filter(isChoice).join(' ')
}

/**
 * Gives what tells whether a name is among a question's choices: of a whole list through its index, however long it is.
 *
 * @param {FormNode} node
 * @param {CompiledModel} compiled
 * @param {Environment} env
 * @returns {(name: string) => boolean}
 */
function choiceTest(node, compiled, env) {
  const { nodeset = '', value = '' } = node.def.itemset ?? {}
  const id = WHOLE_LIST.exec(nodeset)?.[1]
  const instance = id === undefined ? null : env.instance(id)
  if (instance !== null) return (name) => instance.lookUp(value, [name]).length > 0
  const names = new Set(choiceNodes(node, compiled, env).map((item) => choiceText(item, value, compiled, env)))
  return (name) => names.has(name)
}
