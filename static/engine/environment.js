/**
 * What expressions of one form know: its tree, its lists and the host.
 */
import { choiceLabel } from './choices.js'
import { contextAt, selectNodes } from './evaluate.js'
import { EMPTY_LIST, Instance } from './instances.js'
import { LAST_SAVED, SavedAnswers } from './saved.js'
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
 * @property {(id: string) => import('./instances.js').List | null} [list] a list that the model names by its file
 * @property {(answer: (geopoint: string) => void) => void} [locate] asks the phone where it is
 * @property {import('./build.js').Answers | null} [lastSaved] answers of the last finished response to the same form
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
 * @param {(plan: import('./plan.js').Plan) => FormNode | undefined} single gives the node of a plan outside all repeats
 * @returns {Environment}
 */
export function makeEnvironment(compiled, host, root, texts, single) {
  /** @type {Environment} */
  const env = {
    top: {
      name: '',
      isRelevant: true,
      up: () => null,
      down: (name) => (name === '*' || name === root().name ? [root()] : []),
      text: () => '',
    },
    single: (path) => {
      const plan = compiled.byPath.get(path)
      return plan === undefined || plan.repeat !== null ? null : (single(plan) ?? null)
    },
    zone: (ms) => host.offset(ms),
    now: () => host.now(),
    random: () => host.random(),
    uuid: () => host.uuid(),
    instance: (id) => (id === LAST_SAVED ? new SavedAnswers(compiled.root.name, host.lastSaved ?? {}) : instanceOf(compiled, id, host)),
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
 * @param {Host} host
 */
function instanceOf(compiled, id, host) {
  const known = compiled.instances.get(id)
  if (known !== undefined) return known
  const list = Object.hasOwn(compiled.model.lists, id) ? compiled.model.lists[id] : undefined
  if (list === undefined) return null
  const rows = 'rows' in list ? list : host.list?.(id)
  // Not kept: the list may have come by the time that the next form is opened.
  if (!rows) return new Instance(EMPTY_LIST)
  const instance = new Instance(rows)
  compiled.instances.set(id, instance)
  return instance
}
