/**
 * Which computations read which questions, and the order in which they are done. Found once per model, from the
 * syntax trees.
 */
import { isWithin, Reader } from './reads.js'
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
 * @property {import('./reads.js').Read[]} reads
 * @property {number} rank place in the order of computation; -1 until it has one
 */
/** @typedef {{units: Unit[], knots: Unit[]}} Graph `knots`: units in or behind circles that no order of rows can undo */

const CONSTANTS = new Set(['true()', 'false()'])

/**
 * Gives the model's graph; also puts units and dependents on its plans.
 *
 * @param {CompiledModel} compiled
 * @returns {Graph}
 */
export function graphOf(compiled) {
  if (compiled.graph !== null) return compiled.graph
  /** @type {Unit[]} */
  const units = []
  for (const plan of compiled.plans) {
    plan.units = unitsOf(plan, compiled)
    const own = plan.units.filter(isGate)
    const around = plan.parent?.gates ?? []
    plan.gates = own.length === 0 ? around : [...around, ...own]
    units.push(...plan.units)
  }
  const reader = units.length === 0 ? null : new Reader(compiled, units[0])
  for (const unit of units) {
    reader?.note(unit)
    for (const read of unit.reads) read.plan.dependents.push(read)
  }
  const knots = rankUnits(units)
  compiled.graph = { units: units.sort((a, b) => a.rank - b.rank), knots }
  return compiled.graph
}

/** @param {Unit} unit */
function isGate({ key }) {
  return key === 'relevant' || key === 'count'
}

/**
 * @param {Plan} plan
 * @param {CompiledModel} compiled
 */
function unitsOf(plan, compiled) {
  const { def } = plan
  /** @type {Unit[]} */
  const units = []
  const add = (/** @type {UnitKey} */ key, /** @type {string[]} */ texts) => {
    const asts = texts.map((text) => compiled.expression(text)).filter((ast) => ast !== null)
    units.push({ plan, key, asts, reads: [], rank: -1 })
  }
  if (def.relevant !== undefined) add('relevant', [def.relevant])
  if (def.count !== undefined) add('count', [def.count])
  if (def.calculate !== undefined) add('calculate', [def.calculate])
  if (def.itemset !== undefined) addChoices(def.itemset, add)
  if (def.required !== undefined && !CONSTANTS.has(def.required.trim())) add('required', [def.required])
  if (def.readonly !== undefined && !CONSTANTS.has(def.readonly.trim())) add('readonly', [def.readonly])
  const texts = textsWithValues(plan, compiled.model)
  if (texts.length > 0) add('texts', texts.flatMap(partsOf))
  return units
}

/**
 * Choices from a list change where its filter does; those from rows of the form with their values and labels too.
 *
 * @param {NonNullable<import('./plan.js').ModelNode['itemset']>} itemset
 * @param {(key: UnitKey, texts: string[]) => void} add
 */
function addChoices({ nodeset, value, label }, add) {
  const isOfList = /\binstance\s*\(/.test(nodeset)
  if (!isOfList) add('choices', [nodeset, ...new Set([value, label ?? value])].map((name, index) => (index === 0 ? name : `${nodeset}/${name}`)))
  else if (/[[(]/.test(nodeset.replace(/^\s*instance\s*\(/, ''))) add('choices', [nodeset])
}

/**
 * Gives every unit its rank: after all that it reads. A circle is cut where it has to be; units of circles that no order
 * of rows can undo are given back.
 *
 * @param {Unit[]} units
 */
function rankUnits(units) {
  const left = sortUnits(units, 0, null)
  if (left.length === 0) return []
  const knotted = sortUnits(left, units.length - left.length, isStrong)
  knotted.forEach((unit, index) => (unit.rank = units.length - knotted.length + index))
  return knotted
}

/**
 * Ranks what can be ranked (Kahn's algorithm; no recursion, so a chain of any length is well) and gives the rest.
 *
 * @param {Unit[]} units of which none has a rank
 * @param {number} firstRank
 * @param {((reader: Unit, writer: Unit) => boolean) | null} counts which edges count; null: all
 */
function sortUnits(units, firstRank, counts) {
  /** @type {Map<Unit, Unit[]>} */
  const readers = new Map()
  /** @type {Map<Unit, number>} */
  const waiting = new Map()
  const ready = []
  for (const unit of units) {
    let count = 0
    for (const writer of writersOf(unit)) {
      if (writer === unit || writer.rank >= 0 || (counts !== null && !counts(unit, writer))) continue
      const known = readers.get(writer)
      if (known === undefined) readers.set(writer, [unit])
      else known.push(unit)
      count += 1
    }
    if (count === 0) ready.push(unit)
    else waiting.set(unit, count)
  }
  for (let index = 0; index < ready.length; index += 1) {
    for (const reader of readers.get(ready[index]) ?? []) {
      const count = (waiting.get(reader) ?? 0) - 1
      waiting.set(reader, count)
      if (count > 0) continue
      waiting.delete(reader)
      ready.push(reader)
    }
  }
  ready.forEach((unit, index) => (unit.rank = firstRank + index))
  return units.filter((unit) => waiting.has(unit))
}

/**
 * Gives the units that decide what a unit sees: those of the questions it reads, and the relevance and the number of
 * rows of all around those and around itself. One may come more than once.
 *
 * @param {Unit} unit
 * @returns {Unit[]}
 */
function writersOf(unit) {
  const writers = unit.key === 'relevant' ? [] : [...unit.plan.gates]
  for (const { plan } of unit.reads) {
    for (const writer of plan.units) if (writer.key === 'calculate' || writer.key === 'choices') writers.push(writer)
    writers.push(...plan.gates)
  }
  return writers
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
 * @param {import('./reads.js').Read} read
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

/**
 * Gives the units that a unit waits for and no order of rows can undo.
 *
 * @param {Unit} unit
 */
export function strongWriters(unit) {
  return [...new Set(writersOf(unit))].filter((writer) => writer !== unit && isStrong(unit, writer))
}
