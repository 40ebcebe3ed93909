/**
 * Circles of computations that depend on each other.
 */
import { strongWriters } from './dependencies.js'

/** @typedef {import('./dependencies.js').Unit} Unit */

/** More than these nobody reads; the others show once these are mended. */
const MAX_CIRCLES = 100

/**
 * Gives the circles among the units that could not be ranked: through each dependency the shortest one, each once. Each
 * unit reads the one before it, the first the last.
 *
 * @param {Unit[]} knots in form order
 * @returns {Unit[][]}
 */
export function circlesIn(knots) {
  const members = new Set(knots)
  const writers = new Map(knots.map((unit) => [unit, strongWriters(unit).filter((writer) => members.has(writer))]))
  /** @type {Map<string, Unit[]>} */
  const circles = new Map()
  for (const reader of knots) {
    for (const writer of writers.get(reader) ?? []) {
      const circle = shortestWay(writer, reader, writers)
      if (circle === null || circles.size >= MAX_CIRCLES) continue
      const name = circle.map((unit) => knots.indexOf(unit)).sort((a, b) => a - b).join()
      if (!circles.has(name)) circles.set(name, circle)
    }
  }
  return [...circles.values()]
}

/**
 * Gives the units from `to` back to `from`, along what they read, both included; null where there is no way.
 *
 * @param {Unit} from
 * @param {Unit} to
 * @param {Map<Unit, Unit[]>} writers
 */
function shortestWay(from, to, writers) {
  /** @type {Map<Unit, Unit | null>} */
  const readerOf = new Map([[from, null]])
  const reached = [from]
  for (const unit of reached) {
    if (unit === to) break
    for (const writer of writers.get(unit) ?? []) {
      if (readerOf.has(writer)) continue
      readerOf.set(writer, unit)
      reached.push(writer)
    }
  }
  if (!readerOf.has(to)) return null
  const way = []
  for (let at = /** @type {Unit | null | undefined} */ (to); at; at = readerOf.get(at)) way.push(at)
  return way
}
