/**
 * What is known of a model before any answer: its nodes with their places, and its expressions, read once.
 */
import { parse } from './parser.js'

/** @typedef {import('./parser.js').Ast} Ast */
/**
 * @typedef {object} ModelNode a node of the form model, see docs/form-model.md
 * @property {string} name
 * @property {'group' | 'repeat' | 'question'} kind
 * @property {ModelNode[]} [children]
 * @property {string} [label]
 * @property {string} [hint]
 * @property {string} [appearance]
 * @property {string} [relevant]
 * @property {string} [count]
 * @property {boolean} [fixed]
 * @property {string} [type]
 * @property {string} [control]
 * @property {string} [mediatype]
 * @property {Record<string, string>} [parameters]
 * @property {string} [required]
 * @property {string} [constraint]
 * @property {string} [calculate]
 * @property {string} [readonly]
 * @property {string} [required_message]
 * @property {string} [constraint_message]
 * @property {string[]} [missing] reasons for no answer that the form allows
 * @property {string} [default]
 * @property {string} [preload]
 * @property {string} [preload_params]
 * @property {{nodeset: string, value: string, label?: string, is_itext?: boolean}} [itemset]
 */
/** @typedef {string | {value: string}} TextPart */
/** @typedef {string | TextPart[] | Record<string, string | TextPart[]>} Text */
/** @typedef {{event: string, ref: string, value?: string, source?: string, kind?: string}} Action */
/**
 * @typedef {object} Model
 * @property {{id: string, version: string, title: string, languages: {name: string, code: string}[], default_language: string, style?: string, place_path?: string[]}} form
 * @property {ModelNode} root
 * @property {Record<string, Record<string, Text>>} texts
 * @property {Record<string, import('./instances.js').ModelList>} lists
 * @property {Action[]} actions
 */

/** Keys of a node that hold an expression. */
export const EXPRESSION_KEYS = /** @type {const} */ (['relevant', 'count', 'calculate', 'required', 'readonly', 'constraint'])

/** @type {any} shared by all plans that never have any */
const NO_PLANS = Object.freeze([])
/** @type {Map<string, Plan>} */
const NO_NAMES = new Map()

/** A node of the model and where it stands. */
export class Plan {
  /**
   * @param {ModelNode} def
   * @param {Plan | null} parent
   * @param {number} index among the parent's children
   * @param {number} serial in form order
   */
  constructor(def, parent, index, serial) {
    this.def = def
    this.kind = def.kind
    this.name = def.name
    this.parent = parent
    this.index = index
    this.serial = serial
    /** Path without positions. */
    this.path = `${parent === null ? '' : parent.path}/${def.name}`
    /** @type {Plan | null} the nearest repeat around it, itself included */
    this.repeat = def.kind === 'repeat' ? this : parent === null ? null : parent.repeat
    /** @type {Plan[]} from the root down to this one */
    this.chain = parent === null ? [this] : [...parent.chain, this]
    const isQuestion = def.kind === 'question'
    /** @type {Plan[]} */
    this.children = isQuestion ? NO_PLANS : []
    /** @type {Map<string, Plan>} */
    this.byName = isQuestion ? NO_NAMES : new Map()
    /** @type {import('./dependencies.js').Unit[]} what is computed for its nodes */
    this.units = []
    /** @type {import('./dependencies.js').Unit[]} what decides whether its nodes are there: relevance and counts, its own and of all around */
    this.gates = NO_PLANS
    /** @type {import('./reads.js').Read[]} what is computed from its nodes */
    this.dependents = []
  }
}

/** A model made ready. One serves any number of forms. */
export class CompiledModel {
  /** @type {Map<string, Ast | import('./lexer.js').ExpressionError>} */
  #expressions = new Map()

  /** @param {Model} model */
  constructor(model) {
    this.model = model
    /** @type {Plan[]} in form order */
    this.plans = []
    /** @type {Map<string, Plan>} */
    this.byPath = new Map()
    this.root = this.#plan(model.root, null, 0)
    /** @type {import('./dependencies.js').Graph | null} */
    this.graph = null
    /** @type {Map<string, import('./instances.js').Instance>} */
    this.instances = new Map()
  }

  /**
   * Gives the syntax tree of an expression, null where it has a fault (which `checkModel` tells).
   *
   * @param {string} text
   * @returns {Ast | null}
   */
  expression(text) {
    let known = this.#expressions.get(text)
    if (known === undefined) {
      known = parsed(text)
      this.#expressions.set(text, known)
    }
    return known instanceof Error ? null : known
  }

  /**
   * @param {ModelNode} def
   * @param {Plan | null} parent
   * @param {number} index
   * @returns {Plan}
   */
  #plan(def, parent, index) {
    const plan = new Plan(def, parent, index, this.plans.length)
    this.plans.push(plan)
    if (!this.byPath.has(plan.path)) this.byPath.set(plan.path, plan)
    for (const child of def.children ?? []) {
      const made = this.#plan(child, plan, plan.children.length)
      plan.children.push(made)
      if (!plan.byName.has(made.name)) plan.byName.set(made.name, made)
    }
    return plan
  }
}

/** @type {WeakMap<Model, CompiledModel>} */
const compiledModels = new WeakMap()

/**
 * Gives what is known of a model without answers; made once for each model.
 *
 * @param {Model} model
 * @returns {CompiledModel}
 */
export function compileModel(model) {
  let compiled = compiledModels.get(model)
  if (compiled === undefined) {
    compiled = new CompiledModel(model)
    compiledModels.set(model, compiled)
  }
  return compiled
}

/** @param {string} text */
function parsed(text) {
  try {
    return parse(text)
  } catch (error) {
    return /** @type {import('./lexer.js').ExpressionError} */ (error)
  }
}
