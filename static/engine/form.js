/**
 * A questionnaire being filled in: docs/engine.md is the contract.
 */
import { Builder } from './build.js'
import { choicesOf, wordsOf } from './choices.js'
import { countDropped, draftOf, responseOf } from './collect.js'
import { Course } from './course.js'
import { makeEnvironment } from './environment.js'
import { withoutFault } from './fault.js'
import { Judgement } from './judgement.js'
import { pagesOf } from './pages.js'
import { compileModel } from './plan.js'
import { problemOf } from './problems.js'
import { Texts, shownValue } from './texts.js'
import { canAddTo, canMoveBy, canRemoveRow } from './rows.js'
import { nodeAt, walkTree } from './tree.js'

/** @typedef {import('./tree.js').FormNode} FormNode */
/** @typedef {import('./plan.js').Model} Model */
/** @typedef {import('./plan.js').CompiledModel} CompiledModel */
/** @typedef {import('./environment.js').Host} Host */
/** @typedef {import('./build.js').Answers} Answers */
/** @typedef {import('./problems.js').Problem} Problem */
/** @typedef {'label' | 'hint' | 'guidance' | 'required_message' | 'constraint_message'} TextName */
/** @typedef {{answers?: Answers, language?: string, prefill?: Record<string, string>, keepCalculated?: boolean}} FormOptions */

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
  #course

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
    const env = makeEnvironment(compiled, host, () => this.root, () => this.#texts, (plan) => builder.singles[plan.serial])
    const judgement = new Judgement(compiled, env)
    const states = {
      isRequired: (/** @type {FormNode} */ node) => judgement.state(node, 'required'),
      isReadonly: (/** @type {FormNode} */ node) => judgement.state(node, 'readonly'),
      top: () => env.top,
    }
    const builder = new Builder(states, options.answers !== undefined)
    this.root = builder.root(compiled.root, options.answers ?? {})
    this.#env = env
    this.#judgement = judgement
    this.#course = new Course({ root: this.root, compiled, env, judgement, builder, host })
    this.#course.open(options)
  }

  /** Name of the present language. */
  get language() {
    return this.#texts.language
  }

  /** The form's languages, in the order of the workbook. */
  get languages() {
    return this.model.form.languages
  }

  /**
   * Shows the form in another language; values are untouched.
   *
   * @param {string} name
   */
  setLanguage(name) {
    if (!this.languages.some((language) => language.name === name) || name === this.language) return
    this.#texts.language = name
    for (const node of walkTree(this.root)) this.#course.recomputation.changed.add(node)
    this.#course.settle()
  }

  /**
   * Gives the node with that positional path, null where there is none.
   *
   * @param {string} path such as `/data/members[2]/age`
   * @returns {FormNode | null}
   */
  find(path) {
    return nodeAt(this.root, path)
  }

  /**
   * Puts an answer in and recomputes what depends on it. An answer that does not fit the type is kept; `problem` tells.
   *
   * @param {FormNode} node a question
   * @param {string} value lexical
   */
  set(node, value) {
    this.#course.set(node, value)
  }

  /**
   * Says why a question has no answer, in place of the answer; an answer put in later takes the place of the reason.
   *
   * @param {FormNode} node a question
   * @param {string} reason one that the form allows there; `""` takes back what was said
   * @throws {Error} where the form does not allow it
   */
  setMissing(node, reason) {
    if (reason !== '' && !node.def.missing?.includes(reason)) throw new Error(`${node.path} cannot be ${reason}.`)
    this.#course.setMissing(node, reason)
  }

  /**
   * Says whether the form lets rows be added.
   *
   * @param {FormNode} repeat
   */
  canAdd(repeat) {
    return canAddTo(repeat)
  }

  /**
   * Says whether the form lets a row be taken out.
   *
   * @param {FormNode} row
   */
  canRemove(row) {
    return canRemoveRow(row)
  }

  /**
   * Says whether the form lets a row change places with another.
   *
   * @param {FormNode} row
   * @param {number} by -1: with the one above; 1: with the one below
   */
  canMove(row, by) {
    return canMoveBy(row, by)
  }

  /**
   * Adds a row at the end of a repeat.
   *
   * @param {FormNode} repeat
   * @returns {FormNode} the new row
   * @throws {Error} where the form does not allow it
   */
  addRow(repeat) {
    if (!canAddTo(repeat)) throw new Error(`No row can be added to ${repeat.path}.`)
    const row = this.#course.makeRow(repeat)
    repeat.children.push(row)
    this.#course.recomputation.queueAll(row)
    this.#rowsChanged(repeat, repeat.children.length)
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
    if (repeat === null || at < 0 || !canRemoveRow(row)) throw new Error(`The row ${row.path} cannot be removed.`)
    repeat.children.splice(at, 1)
    this.#rowsChanged(repeat, at)
  }

  /**
   * Moves a row up or down among its repeat's, with all its answers.
   *
   * @param {FormNode} row
   * @param {number} by -1: up; 1: down
   * @throws {Error} where the form does not allow it
   */
  moveRow(row, by) {
    if (!canMoveBy(row, by)) throw new Error(`The row ${row.path} cannot be moved by ${by}.`)
    const repeat = /** @type {FormNode} */ (row.parent)
    const at = repeat.children.indexOf(row)
    repeat.children.splice(at, 1)
    repeat.children.splice(at + by, 0, row)
    this.#rowsChanged(repeat, Math.min(at, at + by))
  }

  /**
   * @param {FormNode} repeat
   * @param {number} from index of the first row that now has another number
   */
  #rowsChanged(repeat, from) {
    for (const row of repeat.children.slice(from)) this.#course.recomputation.changed.add(row)
    this.#course.recomputation.fireRows(repeat)
    this.#course.settle()
  }

  /**
   * Gives a text of a node in the present language, `""` where there is none.
   *
   * @param {FormNode} node
   * @param {TextName} what
   * @param {(value: string) => string} [quote] what is put in for a value, where the text is read as markup
   */
  text(node, what, quote) {
    const { def } = node
    return what === 'guidance' ? this.#texts.text(def.hint, 'guidance', node, quote) : this.#texts.text(def[what], 'text', node, quote)
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
   * @param {(value: string) => string} [quote] as in `text`
   */
  choices(node, quote) {
    return withoutFault(() => choicesOf(node, this.#compiled, this.#env, this.#texts, quote), [])
  }

  /**
   * Gives the answer in words: choice labels for a select, else the value.
   *
   * @param {FormNode} node
   * @param {(value: string) => string} [quote] as in `text`
   */
  display(node, quote) {
    return wordsOf(node, this.#compiled, this.#env, this.#texts)
  }

  /**
   * Gives what is wrong with an answer, null where nothing is. What is not relevant or not shown has no problem.
   *
   * @param {FormNode} node
   * @returns {Problem | null}
   */
  problem(node) {
    return problemOf(node, this.#judgement, (one, what) => this.text(one, what))
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
    return this.#judgement.isAmongChoices(node)
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
    this.#course.listeners.add(listener)
    return () => void this.#course.listeners.delete(listener)
  }
}
