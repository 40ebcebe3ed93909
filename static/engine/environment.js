/**
 * What expressions of one form know: its tree, its lists and the host.
 */
import { choiceLabel } from './choices.js'
import { contextAt, selectNodes } from './evaluate.js'
import { Instance } from './instances.js'
import { FormNode } from './tree.js'

/**
 * The world as the engine knows it, see docs/engine.md.
 *
 * @typedef {object} Host
 * @property {() => number} now milliseconds since 1970, UTC
 * @property {(ms: number) => number} offset minutes east of UTC
 * @property {() => number} random
 * @property {() => string} uuid
 * @property {Record<string, string>} properties
 */
/** @typedef {import('./evaluate.js').Environment} Environment */
/** @typedef {import('./plan.js').CompiledModel} CompiledModel */

/**
 * Gives the environment of a form's expressions.
 *
 * @param {CompiledModel} compiled
 * @param {Host} host
 * @param {() => FormNode} root
 * @param {() => import('./texts.js').Texts} texts
 * @returns {Environment}
 */
export function makeEnvironment(compiled, host, root, texts) {
  /** @type {Environment} */
  const env = {
    top: {
      name: '',
      isRelevant: true,
      up: () => null,
      down: (name) => (name === '*' || name === root().name ? [root()] : []),
      text: () => '',
    },
    zone: (ms) => host.offset(ms),
    now: () => host.now(),
    random: () => host.random(),
    uuid: () => host.uuid(),
    instance: (id) => instanceOf(compiled, id),
    choiceName: (value, path, at) => {
      const ast = compiled.expression(path)
      const [node] = ast === null ? [] : selectNodes(ast, contextAt(at, env))
      return node instanceof FormNode ? (choiceLabel(value, node, compiled, env, texts()) ?? '') : ''
    },
    itext: (key) => texts().text(key, 'text', root()),
    language: () => texts().code.split('-')[0],
  }
  return env
}

/**
 * @param {CompiledModel} compiled
 * @param {string} id
 */
function instanceOf(compiled, id) {
  const known = compiled.instances.get(id)
  if (known !== undefined) return known
  const list = Object.hasOwn(compiled.model.lists, id) ? compiled.model.lists[id] : undefined
  if (list === undefined) return null
  const instance = new Instance(list)
  compiled.instances.set(id, instance)
  return instance
}
