/**
 * A questionnaire being filled in: docs/engine.md is the contract.
 */
import { actionsOn, targetsOf, triggeredActions } from './actions.js'
import { Builder, preloaded } from './build.js'
import { choiceLabel, choicesOf, validAnswer } from './choices.js'
import { countDropped, draftOf, responseOf } from './collect.js'
import { graphOf } from './dependencies.js'
import { makeEnvironment } from './environment.js'
import { Judgement, MAX_ROWS, withoutFault } from './judgement.js'
import { pagesOf } from './pages.js'
import { CompiledModel } from './plan.js'
import { Recomputation } from './recompute.js'
import { Texts, shownValue } from './texts.js'
import { walkTree } from './tree.js'
import { fitsType, normalised } from './types.js'

/** @typedef {import('./tree.js').FormNode} FormNode */
/** @typedef {import('./plan.js').Model} Model */
/** @typedef {import('./plan.js').Action} Action */
/** @typedef {import('./environment.js').Host} Host */
/** @typedef {import('./build.js').Answers} Answers */
/** @typedef {import('./dependencies.js').Unit} Unit */
/** @typedef {{node: FormNode, kind: 'required' | 'type' | 'constraint', message: string}} Problem */
/** @typedef {'label' | 'hint' | 'guidance' | 'required_message' | 'constraint_message'} TextName */
/** @typedef {{answers?: Answers, language?: string, prefill?: Record<string, string>, keepCalculated?: boolean}} FormOptions */

/** More actions than this in one change are a circle of triggers. */
const MAX_ACTIONS = 1000

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

/**
 * Opens a new response, or a draft.
 *
 * @param {Model} model
 * @param {Host} host
 * @param {FormOptions} [options]
 */
export function createForm(model, host, options = {}) {
  return new Form(compileModel(model), host, options)
}

/** A running form. */
export class Form {
  #compiled
  #host
  #env
  #judgement
  #texts
  #builder
  #recomputation
  #triggers
  #isLoaded = false
  /** @type {{action: Action, at: FormNode}[]} */
  #pending = []
  /** @type {Set<(nodes: Set<FormNode>) => void>} */
  #listeners = new Set()

  /**
   * @param {CompiledModel} compiled
   * @param {Host} host
   * @param {FormOptions} options
   */
  constructor(compiled, host, options) {
    const { model } = compiled
    this.model = model
    this.#compiled = compiled
    this.#host = host
    const isKnown = model.form.languages.some(({ name }) => name === options.language)
    this.#texts = new Texts(model, isKnown ? /** @type {string} */ (options.language) : model.form.default_language, (expression, node) =>
      shownValue(this.#judgement.value(expression, node)),
    )
    this.#env = makeEnvironment(compiled, host, () => this.root, () => this.#texts)
    this.#judgement = new Judgement(compiled, this.#env)
    this.#triggers = triggeredActions(compiled)
    const judgement = this.#judgement
    const states = { isRequired: (/** @type {FormNode} */ node) => judgement.state(node, 'required'), isReadonly: (/** @type {FormNode} */ node) => judgement.state(node, 'readonly') }
    this.#builder = new Builder(states, options.answers !== undefined)
    this.root = this.#builder.root(compiled.root, options.answers ?? {})
    this.root.cache.top = this.#env.top
    this.#recomputation = this.#makeRecomputation()
    this.#recomputation.calculates = options.keepCalculated !== true
    this.#load(options)
  }

  /** Name of the present language. */
  get language() {
    return this.#texts.language
  }

  /** The form's languages, in the order of the workbook. */
  get languages() {
    return this.model.form.languages
  }

  #makeRecomputation() {
    const graph = graphOf(this.#compiled)
    return new Recomputation(
      {
        root: this.root,
        compiled: this.#compiled,
        env: this.#env,
        judgement: this.#judgement,
        makeRow: (repeat) => this.#makeRow(repeat),
        valueChanged: (node) => this.#valueChanged(node),
      },
      graph.units,
    )
  }

  /** @param {FormOptions} options */
  #load({ answers, prefill = {} }) {
    const isNew = answers === undefined
    if (isNew) {
      for (const node of walkTree(this.root)) {
        const value = node.kind === 'question' ? preloaded(node.def, this.#host) : null
        if (value !== null) node.value = value
        if (node.kind === 'question' && Object.hasOwn(prefill, node.name)) node.value = normalised(prefill[node.name], node.def.type)
      }
    }
    this.#recomputation.queueAll(this.root, !isNew)
    this.#recomputation.run()
    this.#isLoaded = true
    if (isNew) {
      for (const action of actionsOn(this.#compiled, 'first-load')) {
        for (const target of targetsOf(action, this.root, this.root, this.#compiled)) {
          if (target.plan.repeat === null || target.value === '') this.#setByAction(action, target)
        }
      }
    }
    this.#settle()
    this.#recomputation.changed = new Set()
  }

  /**
   * Shows the form in another language; values are untouched.
   *
   * @param {string} name
   */
  setLanguage(name) {
    if (!this.languages.some((language) => language.name === name) || name === this.language) return
    this.#texts.language = name
    for (const node of walkTree(this.root)) this.#recomputation.changed.add(node)
    this.#settle()
  }

  /**
   * Gives the node with that positional path, null where there is none.
   *
   * @param {string} path such as `/data/members[2]/age`
   * @returns {FormNode | null}
   */
  find(path) {
    const [root, ...steps] = path.split('/').slice(1)
    if (root !== this.root.name) return null
    /** @type {FormNode | undefined} */
    let node = this.root
    for (const step of steps) {
      const [, name, position] = /^(.*?)(?:\[(\d+)\])?$/.exec(step) ?? []
      node = node.children.find((child) => child.name === name)
      if (node?.kind === 'repeat' && position !== undefined) node = node.children[Number(position) - 1]
      if (node === undefined) return null
    }
    return node
  }

  /**
   * Puts an answer in and recomputes what depends on it. An answer that does not fit the type is kept; `problem` tells.
   *
   * @param {FormNode} node a question
   * @param {string} value lexical
   */
  set(node, value) {
    this.#recomputation.assign(node, normalised(value, node.def.type))
    this.#settle()
  }

  /**
   * Says whether the form lets rows be added.
   *
   * @param {FormNode} repeat
   */
  canAdd(repeat) {
    return repeat.kind === 'repeat' && repeat.def.count === undefined && repeat.isRelevant && repeat.children.length < MAX_ROWS
  }

  /**
   * Says whether the form lets a row be taken out.
   *
   * @param {FormNode} row
   */
  canRemove(row) {
    return row.kind === 'row' && row.def.count === undefined
  }

  /**
   * Adds a row at the end of a repeat.
   *
   * @param {FormNode} repeat
   * @returns {FormNode} the new row
   * @throws {Error} where the form does not allow it
   */
  addRow(repeat) {
    if (!this.canAdd(repeat)) throw new Error(`No row can be added to ${repeat.path}.`)
    const row = this.#makeRow(repeat)
    repeat.children.push(row)
    this.#recomputation.queueAll(row)
    this.#recomputation.fireRows(repeat)
    this.#settle()
    return row
  }

  /**
   * Takes a row out, with all its answers.
   *
   * @param {FormNode} row
   * @throws {Error} where the form does not allow it
   */
  removeRow(row) {
    const repeat = row.parent
    const at = repeat === null ? -1 : repeat.children.indexOf(row)
    if (repeat === null || at < 0 || !this.canRemove(row)) throw new Error(`The row ${row.path} cannot be removed.`)
    repeat.children.splice(at, 1)
    for (const later of repeat.children.slice(at)) this.#recomputation.changed.add(later)
    this.#recomputation.fireRows(repeat)
    this.#settle()
  }

  /**
   * Gives a text of a node in the present language, `""` where there is none.
   *
   * @param {FormNode} node
   * @param {TextName} what
   */
  text(node, what) {
    const { def } = node
    return what === 'guidance' ? this.#texts.text(def.hint, 'guidance', node) : this.#texts.text(def[what], 'text', node)
  }

  /**
   * Gives the file names of the label's media; `""` where there is none.
   *
   * @param {FormNode} node
   */
  media(node) {
    return this.#texts.media(node.def.label, node)
  }

  /**
   * Gives the choices of a select after its filter, in list order.
   *
   * @param {FormNode} node
   */
  choices(node) {
    return withoutFault(() => choicesOf(node, this.#compiled, this.#env, this.#texts), [])
  }

  /**
   * Gives the answer in words: choice labels for a select, else the value.
   *
   * @param {FormNode} node
   */
  display(node) {
    const { value, def } = node
    if (def.itemset === undefined || value === '') return value
    const names = def.control === 'select1' ? [value] : value.split(/\s+/)
    const labels = names.map((name) => withoutFault(() => choiceLabel(name, node, this.#compiled, this.#env, this.#texts), null) ?? name)
    return labels.join(this.#env.language() === 'zh' ? '、' : ', ')
  }

  /**
   * Gives what is wrong with an answer, null where nothing is. What is not relevant or not shown has no problem.
   *
   * @param {FormNode} node
   * @returns {Problem | null}
   */
  problem(node) {
    if (node.kind !== 'question' || !node.isRelevant || node.def.control === undefined) return null
    const isBlank = node.value.trim() === ''
    if (isBlank && node.isRequired && !node.isReadonly) return { node, kind: 'required', message: this.text(node, 'required_message') }
    if (isBlank) return null
    if (!fitsType(node.value, node.def.type)) return { node, kind: 'type', message: '' }
    if (this.meetsConstraint(node)) return null
    return { node, kind: 'constraint', message: this.text(node, 'constraint_message') }
  }

  /**
   * Gives all problems under a node, in form order.
   *
   * @param {FormNode} [scope]
   * @returns {Problem[]}
   */
  problems(scope = this.root) {
    const found = []
    for (const node of walkTree(scope)) {
      const problem = this.problem(node)
      if (problem !== null) found.push(problem)
    }
    return found
  }

  /**
   * Says whether an answer meets the question's constraint.
   *
   * @param {FormNode} node
   */
  meetsConstraint(node) {
    return this.#judgement.holds(node.def.constraint, node, true)
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

  /**
   * Gives the answer that a question's calculation comes to now.
   *
   * @param {FormNode} node
   */
  calculated(node) {
    return this.#judgement.answer(node.def.calculate, node)
  }

  /** Gives the pages of what is relevant now, see pages.js. */
  pages() {
    return pagesOf(this.root, {
      labelOf: (node) => this.text(node, 'label'),
      isFixed: (row) => !this.#texts.hasValues(row.def.label),
    })
  }

  /** Gives the draft: everything typed, answers of questions that are not relevant included. */
  answers() {
    return draftOf(this.root)
  }

  /** Gives the response as it is sent; `dropped` counts typed answers that are left out. Does not change the form. */
  finish() {
    const name = this.find(`/${this.root.name}/meta/instanceName`)
    return { answers: responseOf(this.root, this.#host), instanceName: name === null ? '' : name.text(), dropped: countDropped(this.root) }
  }

  /**
   * Calls a listener after each change with every node of which something changed.
   *
   * @param {(nodes: Set<FormNode>) => void} listener
   * @returns {() => void} unsubscribes it
   */
  onChange(listener) {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** @param {FormNode} repeat */
  #makeRow(repeat) {
    const row = this.#builder.row(repeat, null)
    for (const action of actionsOn(this.#compiled, 'new-repeat')) {
      if (this.#compiled.byPath.get(action.ref)?.chain.includes(repeat.plan)) this.#pending.push({ action, at: row })
    }
    return row
  }

  /** @param {FormNode} node */
  #valueChanged(node) {
    if (!this.#isLoaded) return
    for (const action of this.#triggers.get(node.plan.path) ?? []) this.#pending.push({ action, at: node })
  }

  /**
   * @param {Action} action
   * @param {FormNode} target
   */
  #setByAction(action, target) {
    this.#recomputation.assign(target, this.#judgement.answer(action.value, target))
  }

  #settle() {
    this.#recomputation.run()
    for (let done = 0; this.#pending.length > 0 && done < MAX_ACTIONS; done += 1) {
      const next = /** @type {{action: Action, at: FormNode}} */ (this.#pending.shift())
      for (const target of targetsOf(next.action, next.at, this.root, this.#compiled)) this.#setByAction(next.action, target)
      this.#recomputation.run()
    }
    this.#pending = []
    const { changed } = this.#recomputation
    if (changed.size === 0) return
    this.#recomputation.changed = new Set()
    for (const listener of this.#listeners) listener(changed)
  }
}
