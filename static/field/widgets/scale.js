/** @import { Form, FormNode } from '../fill/types.js' */

/** More ticks than this are a grey bar. */
const MOST_TICKS = 25
/** A scale has at most so many steps: what has more is a mistake in the form, and would freeze the phone. */
const MOST_STEPS = 10000

/**
 * The values of a range question, in steps from its `start` to its `end`, which may lie below it.
 *
 * @typedef {object} Scale
 * @property {number} steps number of the last value, counted from 0
 * @property {string} step size of a step, without its sign
 * @property {boolean} isFalling `end` lies below `start`
 * @property {(index: number) => string} valueAt gives the lexical value of a step; the nearest end for one outside
 * @property {(value: string) => number|undefined} indexOf gives the step of a value, undefined for one that is no number
 */

/**
 * Gives the scale of a question's parameters. Values have as many decimals as `start` and `step` are written with:
 * 0.1 three times is 0.3.
 *
 * @param {Record<string, string>} [parameters]
 * @returns {Scale}
 */
export function scaleOf({ start = '1', end = '10', step = '1' } = {}) {
  const [from, to] = [Number(start), Number(end)]
  const size = Math.abs(Number(step)) || 1
  const isFalling = to < from
  const places = Math.max(decimals(start), decimals(step))
  // What is missing of a whole step by the rounding of doubles is no step less.
  const steps = Math.min(MOST_STEPS, Math.floor(Math.abs(to - from) / size + 1e-9)) || 0
  const by = isFalling ? -size : size
  return {
    steps,
    step: size.toFixed(decimals(step)),
    isFalling,
    valueAt: (index) => String((from + Math.min(steps, Math.max(0, index)) * by).toFixed(places)).replace(/^-(0(?:\.0*)?)$/, '$1'),
    indexOf: (value) => (value === '' || Number.isNaN(Number(value)) ? undefined : Math.min(steps, Math.max(0, Math.round((Number(value) - from) / by)))),
  }
}

/**
 * Gives the steps that have a tick: each, or those that the form's `tick-interval` names.
 *
 * @param {Scale} scale
 * @param {string} [interval] in the unit of the values
 * @returns {number[]}
 */
export function ticksOf(scale, interval) {
  const every = Math.max(1, Math.round(Math.abs(Number(interval ?? scale.step)) / Number(scale.step)) || 1)
  const ticks = Array.from({ length: Math.floor(scale.steps / every) + 1 }, (_, tick) => tick * every)
  return ticks.length > MOST_TICKS ? [] : ticks
}

/**
 * Gives the words at steps of the scale: those of the list that the parameter `tick-labels` names, else the numbers at
 * both ends.
 *
 * @param {Form} form
 * @param {FormNode} node
 * @param {Scale} scale
 * @returns {Map<number, string>}
 */
export function tickLabels({ model, language }, node, scale) {
  const { columns = [], rows = [] } = model.lists[node.def.parameters?.['tick-labels'] ?? ''] ?? {}
  const [name, label, key] = ['name', 'label', 'itextId'].map((column) => columns.indexOf(column))
  /** @type {[number, string][]} */
  const labels = rows.map((/** @type {string[]} */ row) => [scale.indexOf(row[name]) ?? 0, model.texts[language]?.[row[key]] ?? row[label] ?? row[name]])
  return new Map(labels.length ? labels : [0, scale.steps].map((index) => [index, scale.valueAt(index)]))
}

/** @param {string} text */
function decimals(text) {
  return (text.split('.')[1] ?? '').length
}
