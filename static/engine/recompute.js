/**
 * Keeps everything that is computed up to date: after a change only what depends on it, in dependency order.
 */
import { choiceNodes, validAnswer } from './choices.js'
import { ItemNode } from './instances.js'
import { instancesUnder, rowAround, walkTree } from './tree.js'
import { fitsType } from './types.js'

/** @typedef {import('./tree.js').FormNode} FormNode */
/** @typedef {import('./dependencies.js').Unit} Unit */
/** @typedef {import('./plan.js').Plan} Plan */
/**
 * What recomputation asks of the form.
 *
 * @typedef {object} Work
 * @property {FormNode} root
 * @property {import('./plan.js').CompiledModel} compiled
 * @property {import('./evaluate.js').Environment} env
 * @property {import('./judgement.js').Judgement} judgement
 * @property {(repeat: FormNode) => FormNode} makeRow a new row at the end of a repeat
 * @property {(node: FormNode) => void} valueChanged
 */

const CHANCE = /\b(?:uuid|random|randomize)\s*\(/
/** Rounds that one computation may take in one change, beyond one for each row: ends circles that never come to rest. */
const MAX_ROUNDS = 3

/** The computations waiting, and those done, of one form. */
export class Recomputation {
  #work
  /** @type {(Set<FormNode> | undefined)[]} nodes waiting, by rank of their unit */
  #waiting = []
  /** @type {number[]} ranks that have nodes waiting: a binary heap, the lowest first */
  #heap = []
  /** How often each unit was computed in this change, by rank. */
  #rounds
  /** @type {number[]} how often it may be, by rank */
  #limits = []
  /** Rank up to which all is computed while the form is opened; everything above is still to come. */
  #opened = Infinity
  #units
  /** @type {{unit: Unit, node: FormNode} | null} */
  #running = null
  /** @type {Set<FormNode>} nodes of which something visible changed since it was last emptied */
  changed = new Set()
  /** Whether calculations are done; off where given values are to be compared with them. */
  calculates = true

  /**
   * @param {Work} work
   * @param {Unit[]} units by rank
   */
  constructor(work, units) {
    this.#work = work
    this.#units = units
    this.#rounds = new Uint32Array(units.length)
  }

  /**
   * Computes everything that a form shows, in order: for a form that has just been made.
   *
   * @param {boolean} isDraft whether the answers are those of a draft
   */
  open(isDraft) {
    for (const unit of this.#units) {
      this.#opened = unit.rank
      if (!isEager(unit) || (unit.key === 'calculate' && !this.calculates)) continue
      for (const node of instancesUnder(this.#work.root, unit.plan)) if (!(isDraft && isKept(unit, node))) this.#compute(unit, node)
    }
    this.#opened = Infinity
    this.run()
  }

  /**
   * Puts everything under a row that has just been made in line.
   *
   * @param {FormNode} row
   */
  queueAll(row) {
    for (const node of walkTree(row)) {
      if (node.kind !== 'row') for (const unit of node.plan.units) if (isEager(unit)) this.#queue(unit, node)
    }
  }

  /**
   * Takes everything under a row out of the line: rows that are set aside are not computed.
   *
   * @param {FormNode} row
   */
  forget(row) {
    for (const node of walkTree(row)) for (const unit of node.plan.units) this.#waiting[unit.rank]?.delete(node)
  }

  /**
   * Puts in line what reads a node.
   *
   * @param {FormNode} node whose value, relevance or rows changed
   */
  fire(node) {
    this.changed.add(node)
    for (const { unit, scope } of node.plan.dependents) {
      if (unit.rank > this.#opened) continue
      const container = scope === null ? this.#work.root : rowAround(node, scope)
      if (container === null) continue
      for (const instance of instancesUnder(container, unit.plan)) this.#queue(unit, instance)
    }
  }

  /**
   * Puts in line what reads rows of a repeat or anything in them: after a row came or went.
   *
   * @param {FormNode} repeat
   */
  fireRows(repeat) {
    this.fire(repeat)
    const { plan } = repeat
    for (const { dependents } of plansUnder(plan)) {
      for (const { unit, scope } of dependents) {
        // What stays within one row does not see the others.
        if (scope !== null && (scope === plan || scope.chain.includes(plan))) continue
        const container = scope === null ? this.#work.root : rowAround(repeat, scope)
        if (container !== null) for (const instance of instancesUnder(container, unit.plan)) this.#queue(unit, instance)
      }
    }
  }

  /** Does all that waits. */
  run() {
    for (let rank = this.#lowest(); rank !== null; rank = this.#lowest()) {
      const unit = this.#units[rank]
      const nodes = /** @type {Set<FormNode>} */ (this.#waiting[rank])
      this.#waiting[rank] = undefined
      for (const node of nodes) if (this.#mayRun(unit)) this.#compute(unit, node)
    }
    this.#rounds.fill(0)
  }

  /**
   * @param {Unit} unit
   * @param {FormNode} node
   */
  #compute(unit, node) {
    const before = this.#running
    this.#running = { unit, node }
    COMPUTE[unit.key](this, this.#work, unit, node)
    this.#running = before
  }

  /** @param {Unit} unit */
  #mayRun(unit) {
    const count = (this.#rounds[unit.rank] += 1)
    if (count <= (this.#limits[unit.rank] ?? MAX_ROUNDS)) return true
    // Counted again each time that it is reached: there may be more rows by now.
    const size = instancesUnder(this.#work.root, unit.plan).length
    this.#limits[unit.rank] = size * (MAX_ROUNDS + size)
    return count <= this.#limits[unit.rank]
  }

  /**
   * @param {Unit} unit
   * @param {FormNode} node
   */
  #queue(unit, node) {
    // What has just been computed does not ask for itself again.
    if (this.#running !== null && this.#running.unit === unit && this.#running.node === node) return
    const nodes = this.#waiting[unit.rank]
    if (nodes !== undefined) nodes.add(node)
    else {
      this.#waiting[unit.rank] = new Set([node])
      this.#push(unit.rank)
    }
  }

  /** @param {number} rank */
  #push(rank) {
    const heap = this.#heap
    let at = heap.push(rank) - 1
    while (at > 0) {
      const above = (at - 1) >> 1
      if (heap[above] <= rank) break
      heap[at] = heap[above]
      at = above
    }
    heap[at] = rank
  }

  #lowest() {
    const heap = this.#heap
    if (heap.length === 0) return null
    const lowest = heap[0]
    const last = /** @type {number} */ (heap.pop())
    if (heap.length === 0) return lowest
    let at = 0
    for (;;) {
      let below = 2 * at + 1
      if (below >= heap.length) break
      if (below + 1 < heap.length && heap[below + 1] < heap[below]) below += 1
      if (heap[below] >= last) break
      heap[at] = heap[below]
      at = below
    }
    heap[at] = last
    return lowest
  }

  /**
   * Puts an answer in and what reads it in line.
   *
   * @param {FormNode} node
   * @param {string} value
   */
  assign(node, value) {
    if (node.value === value) return
    node.value = value
    if (value !== '') node.missing = ''
    this.fire(node)
    this.#work.valueChanged(node)
  }

  /**
   * Carries a node's own relevance to all under it.
   *
   * @param {FormNode} top
   */
  spreadRelevance(top) {
    const stack = [top]
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      const isRelevant = node.isOwnRelevant && (node.parent === null || node.parent.isRelevant)
      if (node.isRelevant === isRelevant) continue
      node.isRelevant = isRelevant
      this.fire(node)
      if (isRelevant && node.kind !== 'row') {
        for (const unit of node.plan.units) if (unit.key === 'calculate' || unit.key === 'choices') this.#queue(unit, node)
      }
      stack.push(...node.children)
    }
  }
}

/**
 * @param {Plan} top
 * @returns {Plan[]} those under it
 */
function plansUnder(top) {
  const plans = [...top.children]
  for (let index = 0; index < plans.length; index += 1) plans.push(...plans[index].children)
  return plans
}

/**
 * Only these are computed before anybody asks; choices, for one, are made when their page is shown.
 *
 * @param {Unit} unit
 */
function isEager(unit) {
  return unit.key === 'relevant' || unit.key === 'count' || unit.key === 'calculate'
}

/**
 * A draft keeps what somebody put in place of a calculated answer, even that there is none, and what was drawn by chance: an id must not change
 * each time that the draft is opened.
 *
 * @param {Unit} unit
 * @param {FormNode} node
 */
function isKept({ key }, { def, value, missing, isReadonly }) {
  if (key !== 'calculate' || (value === '' && missing === '')) return false
  return CHANCE.test(def.calculate ?? '') || (def.control !== undefined && !isReadonly)
}

/** @type {Record<import('./dependencies.js').UnitKey, (run: Recomputation, work: Work, unit: Unit, node: FormNode) => void>} */
const COMPUTE = {
  relevant(run, work, _unit, node) {
    node.isOwnRelevant = work.judgement.holds(node.def.relevant, node, true)
    run.spreadRelevance(node)
  },
  count(run, work, _unit, node) {
    setRowCount(run, work, node, work.judgement.rowCount(node))
  },
  calculate(run, work, _unit, node) {
    if (!node.isRelevant || !run.calculates) return
    const answer = work.judgement.answer(node.def.calculate, node)
    // A result that is no answer to the question (true for a date) is a slip of the author's: what was typed stays.
    if (node.def.control === undefined || fitsType(answer, node.def.type)) run.assign(node, answer)
  },
  choices(run, work, _unit, node) {
    const before = node.choices
    node.choices = undefined
    if (node.isRelevant && node.value !== '' && node.def.calculate === undefined) run.assign(node, validAnswer(node, work.compiled, work.env))
    if (before === undefined) return
    const now = choiceNodes(node, work.compiled, work.env)
    // Of rows of the form the labels may be others.
    if (!isSameList(before, now) || !(now[0] instanceof ItemNode)) run.changed.add(node)
  },
  required: refresh('required'),
  readonly: refresh('readonly'),
  texts(run, _work, _unit, node) {
    const shown = node.plan.def.label !== undefined && node.kind === 'repeat' ? [node, ...node.children] : [node]
    for (const one of shown) run.changed.add(one)
  },
}

/**
 * @param {'required' | 'readonly'} key
 * @returns {(run: Recomputation, work: Work, unit: Unit, node: FormNode) => void}
 */
function refresh(key) {
  return (run, work, _unit, node) => {
    const before = node[key]
    // Nobody has asked yet: it is computed when somebody does.
    if (before === undefined) return
    node[key] = work.judgement.holds(node.def[key], node, false)
    if (node[key] !== before) run.changed.add(node)
  }
}

/**
 * @param {unknown[]} a
 * @param {unknown[]} b
 */
function isSameList(a, b) {
  return a.length === b.length && a.every((one, index) => one === b[index])
}

/**
 * Shows as many rows as are counted. Rows beyond are set aside with all that was typed, and come back first.
 *
 * @param {Recomputation} run
 * @param {Work} work
 * @param {FormNode} repeat
 * @param {number} count
 */
function setRowCount(run, work, repeat, count) {
  const { children, spare } = repeat
  if (children.length === count) return
  while (children.length > count) {
    const row = /** @type {FormNode} */ (children.pop())
    run.forget(row)
    spare.unshift(row)
  }
  while (children.length < count) {
    const row = spare.shift() ?? work.makeRow(repeat)
    children.push(row)
    row.isRelevant = repeat.isRelevant
    for (const child of row.children) run.spreadRelevance(child)
    run.queueAll(row)
  }
  run.fireRows(repeat)
}
