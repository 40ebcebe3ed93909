/**
 * The course of a form: how it is opened, and what its actions do after each change (ODK XForms, "Events and Actions").
 */
import { actionsOn, targetsOf, triggeredActions } from './actions.js'
import { preloaded } from './build.js'
import { graphOf } from './dependencies.js'
import { Recomputation } from './recompute.js'
import { instancesUnder } from './tree.js'
import { normalised } from './types.js'

/** @typedef {import('./tree.js').FormNode} FormNode */
/** @typedef {import('./plan.js').Action} Action */
/**
 * The parts of a form.
 *
 * @typedef {object} Parts
 * @property {FormNode} root
 * @property {import('./plan.js').CompiledModel} compiled
 * @property {import('./evaluate.js').Environment} env
 * @property {import('./judgement.js').Judgement} judgement
 * @property {import('./build.js').Builder} builder
 * @property {import('./environment.js').Host} host
 */

/** More actions than this in one change are a circle of triggers. */
const MAX_ACTIONS = 1000

/** Opens one form and settles each change to it. */
export class Course {
  #parts
  #triggers
  #isOpen = false
  /** @type {{action: Action, at: FormNode}[]} */
  #pending = []
  /** @type {Set<(nodes: Set<FormNode>) => void>} told after each change */
  listeners = new Set()

  /** @param {Parts} parts */
  constructor(parts) {
    this.#parts = parts
    this.#triggers = triggeredActions(parts.compiled)
    const work = {
      ...parts,
      makeRow: (/** @type {FormNode} */ repeat) => this.makeRow(repeat),
      valueChanged: (/** @type {FormNode} */ node) => this.#valueChanged(node),
    }
    this.recomputation = new Recomputation(work, graphOf(parts.compiled).units)
  }

  /**
   * Computes all that a form shows when it is opened, and runs the actions of that event.
   *
   * @param {import('./form.js').FormOptions} options
   */
  open({ answers, prefill = {}, keepCalculated = false }) {
    const { root, compiled } = this.#parts
    const isNew = answers === undefined
    if (isNew) this.#putIn(prefill)
    this.recomputation.calculates = !keepCalculated
    this.recomputation.open(!isNew)
    this.#isOpen = true
    // A response that is checked is not opened by anybody.
    for (const action of keepCalculated ? [] : actionsOn(compiled, isNew ? 'first-load' : 'load')) {
      for (const target of targetsOf(action, root, root, compiled)) {
        if (target.plan.repeat === null || target.value === '') this.#setBy(action, target)
      }
      // The next may read what is calculated from this one.
      this.recomputation.run()
    }
    this.settle()
    this.recomputation.changed = new Set()
  }

  /**
   * Gives a new row, not yet among its repeat's, and has its actions wait.
   *
   * @param {FormNode} repeat
   */
  makeRow(repeat) {
    const { builder, compiled } = this.#parts
    const row = builder.row(repeat, null)
    for (const action of actionsOn(compiled, 'new-repeat')) {
      if (compiled.byPath.get(action.ref)?.chain.includes(repeat.plan)) this.#pending.push({ action, at: row })
    }
    return row
  }

  /**
   * Puts an answer in and settles what comes of it.
   *
   * @param {FormNode} node
   * @param {string} value
   */
  set(node, value) {
    this.recomputation.assign(node, normalised(value, node.def.type))
    this.settle()
  }

  /**
   * Says why there is no answer, and takes out the one that was there.
   *
   * @param {FormNode} node
   * @param {string} reason `""` takes back what was said
   */
  setMissing(node, reason) {
    if (reason !== '') this.recomputation.assign(node, '')
    node.missing = reason
    this.recomputation.changed.add(node)
    this.settle()
  }

  /** Computes what waits, runs the actions that follow, and tells the listeners. */
  settle() {
    const { root, compiled } = this.#parts
    this.recomputation.run()
    for (let done = 0; this.#pending.length > 0 && done < MAX_ACTIONS; done += 1) {
      const next = /** @type {{action: Action, at: FormNode}} */ (this.#pending.shift())
      for (const target of targetsOf(next.action, next.at, root, compiled)) this.#setBy(next.action, target)
      this.recomputation.run()
    }
    this.#pending = []
    const { changed } = this.recomputation
    if (changed.size === 0 || !this.#isOpen) return
    this.recomputation.changed = new Set()
    for (const listener of this.listeners) listener(changed)
  }

  /**
   * Puts in what a new response starts with beside the defaults.
   *
   * @param {Record<string, string>} prefill
   */
  #putIn(prefill) {
    const { root, compiled, host } = this.#parts
    for (const plan of compiled.plans) {
      const { kind, name, def } = plan
      if (kind !== 'question' || (def.preload === undefined && !Object.hasOwn(prefill, name))) continue
      const value = Object.hasOwn(prefill, name) ? normalised(prefill[name], def.type) : preloaded(def, host)
      if (value !== null) for (const node of instancesUnder(root, plan)) node.value = value
    }
  }

  /** @param {FormNode} node */
  #valueChanged(node) {
    if (!this.#isOpen) return
    for (const action of this.#triggers.get(node.plan.path) ?? []) this.#pending.push({ action, at: node })
  }

  /**
   * @param {Action} action
   * @param {FormNode} target
   */
  #setBy(action, target) {
    const { host, judgement } = this.#parts
    if (action.kind === 'setgeopoint') host.locate?.((geopoint) => this.set(target, geopoint))
    else this.recomputation.assign(target, judgement.answer(action.value, target))
  }
}
