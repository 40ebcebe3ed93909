/**
 * Makes a form's nodes: new ones with their defaults, or those of a draft.
 */
import { momentText } from './calendar.js'
import { FormNode } from './tree.js'

/** @typedef {import('./plan.js').Plan} Plan */
/** @typedef {{[name: string]: string | Answers | Answers[]}} Answers nested as the form is */

/** What follows a question's name, which cannot have the sign, in the key of the reason why it has no answer. */
export const MISSING = '@missing'

/** Makes nodes for one form. */
export class Builder {
  #states
  #isDraft
  /** @type {(FormNode | undefined)[]} nodes outside all repeats, by serial number of their plan */
  singles = []

  /**
   * @param {import('./tree.js').NodeStates} states
   * @param {boolean} isDraft whether there are answers already, so that defaults are not put in
   */
  constructor(states, isDraft) {
    this.#states = states
    this.#isDraft = isDraft
  }

  /**
   * Gives the tree of a form.
   *
   * @param {Plan} plan of the root
   * @param {Answers} answers of the draft; `{}` for a new response
   */
  root(plan, answers) {
    const root = new FormNode(plan, 'group', null, plan.path, this.#states)
    this.singles[plan.serial] = root
    this.#fill(root, answers, !this.#isDraft)
    return root
  }

  /**
   * Gives a row for a repeat; it is not yet among its children.
   *
   * @param {FormNode} repeat
   * @param {Answers | null} answers null for a new row, which gets the defaults
   */
  row(repeat, answers) {
    const row = new FormNode(repeat.plan, 'row', repeat, `${repeat.id}#${repeat.nextSerial}`, this.#states)
    repeat.nextSerial += 1
    this.#fill(row, answers ?? {}, answers === null)
    return row
  }

  /**
   * @param {FormNode} parent
   * @param {Answers} answers
   * @param {boolean} hasDefaults
   */
  #fill(parent, answers, hasDefaults) {
    for (const plan of parent.plan.children) {
      const node = new FormNode(plan, plan.kind, parent, `${parent.id}/${plan.name}`, this.#states)
      parent.children.push(node)
      if (plan.repeat === null) this.singles[plan.serial] = node
      const answer = Object.hasOwn(answers, plan.name) ? answers[plan.name] : undefined
      if (plan.kind === 'question') {
        node.value = hasDefaults ? (plan.def.default ?? '') : textOf(answer)
        if (node.value === '') node.missing = reasonIn(answers, plan.def)
      } else if (plan.kind === 'group') this.#fill(node, answersIn(answer), hasDefaults)
      else if (Array.isArray(answer)) node.children = answer.map((one) => this.row(node, answersIn(one)))
      // Where nobody may add a row and none are counted, there is the one that the form itself has.
      else if (hasDefaults && plan.def.fixed === true && plan.def.count === undefined) node.children.push(this.row(node, null))
    }
  }
}

/**
 * Gives why a question has no answer; `""` where nothing is said, or what the form does not allow.
 *
 * @param {Answers} answers
 * @param {import('./plan.js').ModelNode} def
 */
function reasonIn(answers, { name, missing = [] }) {
  const reason = answers[name + MISSING]
  return missing.find((one) => one === reason) ?? ''
}

/**
 * Gives what can be taken for a group's answers.
 *
 * @param {unknown} answer
 * @returns {Answers}
 */
export function answersIn(answer) {
  return typeof answer === 'object' && answer !== null && !Array.isArray(answer) ? /** @type {Answers} */ (answer) : {}
}

/** @param {unknown} answer */
function textOf(answer) {
  return typeof answer === 'string' ? answer : typeof answer === 'number' || typeof answer === 'boolean' ? String(answer) : ''
}

/**
 * Gives the metadata that a question starts with, null where it has none (ODK XForms, "Preload Attributes").
 *
 * @param {import('./plan.js').ModelNode} def
 * @param {import('./environment.js').Host} host
 */
export function preloaded({ preload, preload_params: parameter = '' }, host) {
  if (preload === 'uid') return `uuid:${host.uuid()}`
  if (preload === 'property') return host.properties[parameter] ?? ''
  const now = () => momentText(host.now(), (ms) => host.offset(ms))
  if (preload === 'timestamp' && parameter === 'start') return now()
  if (preload === 'date' && parameter === 'today') return now().slice(0, 10)
  return null
}
