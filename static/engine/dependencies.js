/**
 * Which computations read which questions, and the order in which they are done. Found once per model, from the
 * syntax trees.
 */
import { isWithin, readsOf } from './reads.js'
import { partsOf, textsWithValues } from './textparts.js'

/** @typedef {import('./parser.js').Ast} Ast */
/** @typedef {import('./plan.js').Plan} Plan */
/** @typedef {import('./plan.js').CompiledModel} CompiledModel */
/** @typedef {'relevant' | 'count' | 'calculate' | 'choices' | 'required' | 'readonly' | 'texts'} UnitKey */
/**
 * Something that is computed for each node of a plan.
 *
 * @typedef {object} Unit
 * @property {Plan} plan
 * @property {UnitKey} key
 * @property {Ast[]} asts
 * @property {Read[]} reads
 * @property {number} rank place in the order of computation
 */
/** @typedef {import('./reads.js').Read} Read */
/** @typedef {{unit: Unit, scope: Plan | null}} Dependent */
/** @typedef {{units: Unit[], circles: Unit[][]}} Graph */

const CONSTANTS = new Set(['true()', 'false()'])

/**
 * Gives the model's graph; also puts units and dependents on its plans.
 *
 * @param {CompiledModel} compiled
 * @returns {Graph}
 */
export function graphOf(compiled) {
  if (compiled.graph !== null) return compiled.graph
  const units = compiled.plans.flatMap((plan) => unitsOf(plan, compiled))
  for (const unit of units) {
    unit.plan.units.push(unit)
    unit.reads = distinct(unit.asts.flatMap((ast) => readsOf(ast, unit.plan, compiled)))
    for (const { plan, scope } of unit.reads) plan.dependents.push({ unit, scope })
  }
  const circles = rankUnits(units)
  compiled.graph = { units: [...units].sort((a, b) => a.rank - b.rank), circles }
  return compiled.graph
}

/**
 * @param {Plan} plan
 * @param {CompiledModel} compiled
 * @returns {Unit[]}
 */
function unitsOf(plan, compiled) {
  const { def } = plan
  /** @type {[UnitKey, string[]][]} */
  const sources = [
    ['relevant', def.relevant === undefined ? [] : [def.relevant]],
    ['count', def.count === undefined ? [] : [def.count]],
    ['calculate', def.calculate === undefined ? [] : [def.calculate]],
    ['choices', def.itemset === undefined || !/[[(]/.test(def.itemset.nodeset.replace(/^\s*instance\(/, '')) ? [] : [def.itemset.nodeset]],
    ['required', changing(def.required)],
    ['readonly', changing(def.readonly)],
    ['texts', textsWithValues(plan, compiled.model).flatMap(partsOf)],
  ]
  return sources
    .filter(([, texts]) => texts.length > 0)
    .map(([key, texts]) => {
      const asts = texts.map((text) => compiled.expression(text)).filter((ast) => ast !== null)
      return { plan, key, asts, reads: [], rank: 0 }
    })
}

/** @param {string | undefined} text */
function changing(text) {
  return text === undefined || CONSTANTS.has(text.trim()) ? [] : [text]
}

/** @param {Read[]} reads */
function distinct(reads) {
  return reads.filter((read, index) => reads.findIndex((other) => other.plan === read.plan && other.scope === read.scope) === index)
}

/**
 * Gives every unit its rank: after all that it reads. A circle is cut where it has to be; the circles that no order of
 * rows can undo are given back.
 *
 * @param {Unit[]} units
 * @returns {Unit[][]}
 */
function rankUnits(units) {
  const left = sortUnits(units, 0, () => true)
  if (left.length === 0) return []
  const knotted = sortUnits(left, units.length - left.length, isStrong)
  const circles = circlesIn(knotted)
  knotted.forEach((unit, index) => (unit.rank = units.length - knotted.length + index))
  return circles
}

/**
 * Ranks what can be ranked (Kahn's algorithm; no recursion, so a chain of any length is well) and gives the rest.
 *
 * @param {Unit[]} units
 * @param {number} firstRank
 * @param {(reader: Unit, writer: Unit) => boolean} counts which edges count
 */
function sortUnits(units, firstRank, counts) {
  const members = new Set(units)
  /** @type {Map<Unit, Unit[]>} */
  const readers = new Map(units.map((unit) => [unit, []]))
  /** @type {Map<Unit, number>} */
  const waiting = new Map()
  for (const unit of units) {
    const writers = [...writersOf(unit)].filter((writer) => members.has(writer) && writer !== unit && counts(unit, writer))
    for (const writer of writers) readers.get(writer)?.push(unit)
    waiting.set(unit, writers.length)
  }
  const ready = units.filter((unit) => waiting.get(unit) === 0)
  for (let index = 0; index < ready.length; index += 1) {
    ready[index].rank = firstRank + index
    for (const reader of readers.get(ready[index]) ?? []) {
      const count = (waiting.get(reader) ?? 0) - 1
      waiting.set(reader, count)
      if (count === 0) ready.push(reader)
    }
  }
  const done = new Set(ready)
  return units.filter((unit) => !done.has(unit))
}

/**
 * Gives the units that decide what a unit sees: those of the questions it reads, and the relevance and the number of
 * rows of all around those and around itself.
 *
 * @param {Unit} unit
 * @returns {Set<Unit>}
 */
function writersOf(unit) {
  /** @type {Set<Unit>} */
  const writers = new Set()
  for (const { plan } of unit.reads) {
    for (const writer of plan.units) if (writer.key === 'calculate' || writer.key === 'choices') writers.add(writer)
    addAround(plan, writers)
  }
  if (unit.key !== 'relevant') addAround(unit.plan, writers)
  return writers
}

/**
 * @param {Plan} plan
 * @param {Set<Unit>} writers
 */
function addAround(plan, writers) {
  for (let at = /** @type {Plan | null} */ (plan); at !== null; at = at.parent) {
    for (const writer of at.units) if (writer.key === 'relevant' || writer.key === 'count') writers.add(writer)
  }
}

/**
 * An edge is weak where it may run between different rows of a repeat (the row above, say), or through a choice filter
 * (two questions that each leave out the other's answer): such a circle comes to rest.
 *
 * @param {Unit} reader
 * @param {Unit} writer
 */
function isStrong(reader, writer) {
  if (writer.key === 'choices' || reader.key === 'choices') return false
  const shared = sharedRepeat(reader.plan, writer.plan)
  if (shared === null) return true
  return reader.reads.every((read) => !touches(read, writer) || (read.scope !== null && isWithin(read.scope, shared)))
}

/**
 * @param {Read} read
 * @param {Unit} writer
 */
function touches(read, writer) {
  return read.plan === writer.plan || isWithin(read.plan, writer.plan)
}

/**
 * @param {Plan} a
 * @param {Plan} b
 */
function sharedRepeat(a, b) {
  for (let at = /** @type {Plan | null} */ (a.repeat); at !== null; at = at.parent === null ? null : at.parent.repeat) if (isWithin(b, at)) return at
  return null
}

/** @param {Unit} unit */
function strongWriters(unit) {
  return [...writersOf(unit)].filter((writer) => writer !== unit && isStrong(unit, writer))
}

/**
 * Gives the circles among units that could not be ranked: each unit is named in one at most.
 *
 * @param {Unit[]} units
 */
function circlesIn(units) {
  const members = new Set(units)
  const seen = new Set()
  const circles = []
  for (const start of units) {
    /** @type {Unit[]} */
    const trail = []
    /** @type {Unit | undefined} */
    let unit = start
    while (unit !== undefined && !seen.has(unit)) {
      seen.add(unit)
      trail.push(unit)
      /** @type {Unit} */
      const at = unit
      unit = strongWriters(at).find((writer) => members.has(writer))
    }
    const from = unit === undefined ? -1 : trail.indexOf(unit)
    if (from >= 0) circles.push(trail.slice(from))
  }
  return circles
}
