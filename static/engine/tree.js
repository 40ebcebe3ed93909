/**
 * The nodes of a running form: what the screen shows and what expressions walk.
 */

/** @typedef {import('./values.js').XNode} XNode */
/** @typedef {import('./plan.js').Plan} Plan */
/**
 * What a node asks of the form that it belongs to.
 *
 * @typedef {object} NodeStates
 * @property {(node: FormNode) => boolean} isRequired
 * @property {(node: FormNode) => boolean} isReadonly
 */

/**
 * A group, a repeat, a row of a repeat or a question.
 *
 * Expressions do not see repeats: there, rows are the children of what is around the repeat, as in the XForm's instance.
 *
 * @implements {XNode}
 */
export class FormNode {
  /** @type {FormNode[]} in form order; of a repeat, its rows */
  children = []
  /** @type {FormNode[]} of a repeat with a count: rows beyond it, kept in case the number rises again */
  spare = []
  /** Lexical string, `""` where unanswered. */
  value = ''
  /** Its own relevance and that of all around it. */
  isRelevant = true
  /** What its own `relevant` gives. */
  isOwnRelevant = true
  /** @type {Record<string, unknown>} what was computed and still holds */
  cache = {}
  /** Serial number that the next row of a repeat gets. */
  nextSerial = 1
  #states

  /**
   * @param {Plan} plan
   * @param {'group' | 'repeat' | 'row' | 'question'} kind
   * @param {FormNode | null} parent
   * @param {string} id
   * @param {NodeStates} states
   */
  constructor(plan, kind, parent, id, states) {
    this.plan = plan
    this.kind = kind
    this.name = plan.name
    this.def = plan.def
    this.parent = parent
    this.id = id
    this.#states = states
  }

  /**
   * Path with 1-based positions of rows.
   *
   * @returns {string}
   */
  get path() {
    const { parent } = this
    if (parent === null) return `/${this.name}`
    return this.kind === 'row' ? `${parent.path}[${this.rowNumber}]` : `${parent.path}/${this.name}`
  }

  /**
   * Number of a row in its repeat, from 1; 0 where it is out.
   *
   * @returns {number}
   */
  get rowNumber() {
    const { children = [], spare = [] } = this.parent ?? {}
    const at = children.indexOf(this)
    return at >= 0 ? at + 1 : spare.includes(this) ? children.length + spare.indexOf(this) + 1 : 0
  }

  get isRequired() {
    return this.#states.isRequired(this)
  }

  get isReadonly() {
    return this.#states.isReadonly(this)
  }

  /** Expressions never stand "in" a repeat, only in its rows. */
  get isContainer() {
    return this.kind === 'repeat'
  }

  /** @returns {XNode | null} */
  up() {
    const { parent } = this
    if (parent === null) return /** @type {XNode} */ (this.cache.top)
    return this.kind === 'row' ? parent.parent : parent
  }

  /**
   * @param {string} name
   * @returns {XNode[]}
   */
  down(name) {
    if (name === '*') return this.children.flatMap((child) => (child.kind === 'repeat' ? child.children : [child]))
    const plan = this.plan.byName.get(name)
    if (plan === undefined || this.kind === 'repeat') return []
    const child = this.children[plan.index]
    return child.kind === 'repeat' ? child.children : [child]
  }

  text() {
    return this.isRelevant ? this.value : ''
  }
}

/**
 * Gives a node's nodes under it and itself, in form order; rows that are out of a repeat's count excluded.
 *
 * @param {FormNode} node
 * @returns {Generator<FormNode>}
 */
export function* walkTree(node) {
  const stack = [node]
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    yield at
    for (let index = at.children.length - 1; index >= 0; index -= 1) stack.push(at.children[index])
  }
}

/**
 * Gives the nodes of a plan under a node.
 *
 * @param {FormNode} container a group, row or repeat around the plan's nodes
 * @param {Plan} plan
 * @returns {FormNode[]}
 */
export function instancesUnder(container, plan) {
  if (plan === container.plan) return [container.kind === 'row' ? /** @type {FormNode} */ (container.parent) : container]
  /** @type {Plan[]} */
  const way = []
  for (let at = /** @type {Plan | null} */ (plan); at !== null && at !== container.plan; at = at.parent) way.push(at)
  let nodes = container.kind === 'repeat' ? container.children : [container]
  for (let index = way.length - 1; index >= 0; index -= 1) {
    const step = way[index]
    nodes = nodes.map((node) => node.children[step.index])
    if (index > 0 && step.kind === 'repeat') nodes = nodes.flatMap((node) => node.children)
  }
  return nodes
}

/**
 * Gives the row of a repeat that a node is in; for the repeat itself, the repeat.
 *
 * @param {FormNode} node
 * @param {Plan} repeat
 * @returns {FormNode | null}
 */
export function rowAround(node, repeat) {
  for (let at = /** @type {FormNode | null} */ (node); at !== null; at = at.parent) if (at.plan === repeat) return at
  return null
}
