/**
 * Answers to try for a question, by its type and by what its constraint mentions.
 */
import { dateText } from '../../static/engine/calendar.js'
import { textMatching } from './walk_patterns.js'

/** @typedef {import('../../static/engine/tree.js').FormNode} FormNode */
/** @typedef {() => number} Random */

const TODAY_DAYS = 20781
const TRIES = 24

/**
 * Gives answers to try, likely ones first.
 *
 * @param {FormNode} node a question
 * @param {import('../../static/engine/form.js').Form} form
 * @param {Random} random
 * @returns {Iterable<string>}
 */
export function candidatesFor(node, form, random) {
  const { control, type = 'string', itemset, parameters = {} } = node.def
  if (itemset !== undefined) return chosen(form.choices(node).map(({ value }) => value), control ?? '', random)
  if (control === 'trigger') return ['OK']
  if (control === 'range') return inRange(parameters, random)
  // The number of rows: a handful.
  if (countsRows(form.model, node.name)) return shuffle(['0', '1', '2', '3', '4'], random)
  return (BY_TYPE[type] ?? texts)(node.def.constraint ?? '', random)
}

/** @type {WeakMap<object, string>} what all counts of a model's repeats say */
const counts = new WeakMap()

/**
 * @param {import('../../static/engine/plan.js').Model} model
 * @param {string} name
 */
function countsRows(model, name) {
  let text = counts.get(model)
  if (text === undefined) counts.set(model, (text = countsIn(model.root)))
  return text.includes(`/${name} `)
}

/**
 * @param {import('../../static/engine/plan.js').ModelNode} def
 * @returns {string}
 */
function countsIn({ count = '', children = [] }) {
  return `${count} ${children.map(countsIn).join(' ')}`
}

/**
 * @param {string[]} names
 * @param {string} control
 * @param {Random} random
 */
function chosen(names, control, random) {
  if (names.length === 0) return []
  const some = () => names[Math.floor(random() * names.length)]
  if (control === 'rank') return [shuffle(names, random).join(' ')]
  if (control === 'select1') return [...Array.from({ length: TRIES }, some), ...names.slice(0, 200)]
  const several = () => names.filter(() => random() < 0.3).join(' ') || some()
  return [...Array.from({ length: TRIES }, several), ...names.slice(0, 200)]
}

/** @type {Record<string, (constraint: string, random: Random) => Iterable<string>>} */
const BY_TYPE = {
  int: (constraint, random) => numbers(constraint, random).map((number) => String(Math.trunc(number))),
  decimal: (constraint, random) => numbers(constraint, random).map((number) => String(Math.round(number * 100) / 100)),
  date: (_, random) => days(random).map(dateText),
  dateTime: (_, random) => days(random).map((day) => `${dateText(day)}T${clock(random)}.000+08:00`),
  time: (_, random) => Array.from({ length: TRIES }, () => `${clock(random)}.000+08:00`),
  geopoint: (_, random) => [point(random)],
  geotrace: (_, random) => [[1, 2, 3].map(() => point(random)).join(';')],
  geoshape: (_, random) => [closed([1, 2, 3].map(() => point(random)))],
  binary: () => ['file.jpg'],
}

/**
 * @param {string} constraint
 * @param {Random} random
 */
function* texts(constraint, random) {
  if (constraint === '') yield `text ${Math.floor(random() * 1000)}`
  const patterns = [...constraint.matchAll(/regex\s*\([^,]*,[\s(]*(?:'([^']*)'|"([^"]*)")/g)].map(([, single, double]) => single ?? double)
  const quoted = [...constraint.matchAll(/'([^']*)'|"([^"]*)"/g)].map(([, single, double]) => single ?? double)
  for (const pattern of patterns) for (let time = 0; time < 8; time += 1) yield textMatching(pattern, random)
  yield `text ${Math.floor(random() * 1000)}`
  const lengths = numbers(constraint, random).filter((number) => number > 0 && number < 200).slice(0, TRIES)
  const digits = lengths.map((length) => Array.from({ length: Math.trunc(length) }, () => Math.floor(random() * 10)).join(''))
  yield* ['Wang', ...numbers(constraint, random).map((number) => String(Math.trunc(number))), ...digits, ...quoted, ...lengths.map((length) => 'a'.repeat(length))]
}

/**
 * Gives the numbers that a constraint mentions, those beside them, and others.
 *
 * @param {string} constraint
 * @param {Random} random
 */
function numbers(constraint, random) {
  const named = [...constraint.matchAll(/\d+(?:\.\d+)?/g)].map(([text]) => Number(text))
  const near = named.flatMap((number) => [number, number - 1, number + 1, number - 0.5, number * random()])
  const free = Array.from({ length: TRIES }, (_, index) => Math.floor(random() * 10 ** (index % 4)))
  return [...shuffle([...free.slice(0, 6), ...near], random), ...free, 0, -1, 1, 2]
}

/** @param {Random} random */
function days(random) {
  return [...Array.from({ length: TRIES }, (_, index) => TODAY_DAYS - Math.floor(random() * 10 ** (1 + (index % 4)))), TODAY_DAYS, TODAY_DAYS + 1, TODAY_DAYS + Math.floor(random() * 400)]
}

/** @param {Random} random */
function clock(random) {
  const two = (/** @type {number} */ limit) => String(Math.floor(random() * limit)).padStart(2, '0')
  return `${two(24)}:${two(60)}:${two(60)}`
}

/** @param {Random} random */
function point(random) {
  return `${(32 + random()).toFixed(6)} ${(118 + random()).toFixed(6)} 10 5`
}

/** @param {string[]} points */
function closed(points) {
  return [...points, points[0]].join(';')
}

/**
 * @param {Record<string, string>} parameters
 * @param {Random} random
 */
function inRange({ start = '0', end = '10', step = '1' }, random) {
  const steps = Math.floor((Number(end) - Number(start)) / Number(step))
  const number = Number(start) + Math.floor(random() * (steps + 1)) * Number(step)
  return [String(Math.round(number * 1e6) / 1e6)]
}

/**
 * @template T
 * @param {T[]} items
 * @param {Random} random
 */
function shuffle(items, random) {
  return items.map((item) => ({ item, at: random() })).sort((a, b) => a.at - b.at).map(({ item }) => item)
}
