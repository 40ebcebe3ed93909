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
 * @property {() => XNode} top the node above the root
 */

/** @type {any} shared by all nodes that never have any */
const NO_NODES = Object.freeze([])

/**
 * A group, a repeat, a row of a repeat or a question.
 *
 * Expressions do not see repeats: there, rows are the children of what is around the repeat, as in the XForm's instance.
 *
 * @implements {XNode}
 */
export class FormNode {
  /** Lexical string, `""` where unanswered. */
  value = ''
  /** Why there is no answer, one of the model's `missing`; `""` where nothing is said. */
  missing = ''
  /** Its own relevance and that of all around it. */
  isRelevant = true
  /** What its own `relevant` gives. */
  isOwnRelevant = true
  /** @type {boolean | undefined} undefined: nobody has asked yet */
  required = undefined
  /** @type {boolean | undefined} */
  readonly = undefined
  /** @type {XNode[] | undefined} what its choices are made of */
  choices = undefined
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
    /** @type {FormNode[]} in form order; of a repeat, its rows */
    this.children = kind === 'question' ? NO_NODES : []
    /** @type {FormNode[]} of a repeat with a count: rows beyond it, kept in case the number rises again */
    this.spare = kind === 'repeat' ? [] : NO_NODES
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
    if (parent === null) return this.#states.top()
    return this.kind === 'row' ? parent.parent : parent
  }

  /**
   * @param {string} name
   * @returns {XNode[]}
   */
  down(name) {
    if (name === '*' || name === '@*') {
      const children = this.children.filter((child) => child.name.startsWith('@') === (name === '@*'))
      return children.flatMap((child) => (child.kind === 'repeat' ? child.children : [child]))
    }
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
 * Gives the node with a positional path, null where there is none.
 *
 * @param {FormNode} root
 * @param {string} path such as `/data/members[2]/age`
 * @returns {FormNode | null}
 */
export function nodeAt(root, path) {
  const [top, ...steps] = path.split('/').slice(1)
  if (top !== root.name) return null
  /** @type {FormNode | undefined} */
  let node = root
  for (const step of steps) {
    const [, name, position] = /^(.*?)(?:\[(\d+)\])?$/.exec(step) ?? []
    node = node.children.find((child) => child.name === name)
    if (node?.kind === 'repeat' && position !== undefined) node = node.children[Number(position) - 1]
    if (node === undefined) return null
  }
  return node
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
