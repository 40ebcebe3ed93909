/**
 * Runs expression vectors: one JSON object each with `expr`, `context`, `context_node`, `expect`, … (the layout that
 * expression suites of other engines were recorded in). Pure, so that it runs in Node and in the server's host alike.
 */
import { fromDays } from '../../static/engine/calendar.js'
import { contextAt, evaluate } from '../../static/engine/evaluate.js'
import '../../static/engine/functions/rare.js'
import { Instance } from '../../static/engine/instances.js'
import { parse } from '../../static/engine/parser.js'
import { toBoolean, toNumber, toText } from '../../static/engine/values.js'

/** A node of a vector's context. */
class VectorNode {
  isRelevant = true
  /** @type {VectorNode[]} */
  children = []
  value = ''

  /**
   * @param {string} name
   * @param {VectorNode | null} parent
   */
  constructor(name, parent) {
    this.name = name
    this.parent = parent
  }

  up() {
    return this.parent
  }

  /** @param {string} name */
  down(name) {
    return this.children.filter((child) => name === '*' || child.name === name)
  }

  /** @returns {string} */
  text() {
    return this.children.length === 0 ? this.value : this.children.map((child) => child.text()).join('')
  }
}

/**
 * Gives the node at a path with positions, made where it is not there yet.
 *
 * @param {VectorNode} top
 * @param {string} path
 */
function nodeAt(top, path) {
  let node = top
  for (const step of path.split('/').filter((one) => one !== '')) {
    const [, name, position = '1'] = /^(.*?)(?:\[(\d+)\])?$/.exec(step) ?? []
    while (node.down(name).length < Number(position)) node.children.push(new VectorNode(name, node))
    node = node.down(name)[Number(position) - 1]
  }
  return node
}

/**
 * @param {Record<string, any>} vector
 * @param {{now: () => number, offset: (ms: number) => number, random: () => number, uuid: () => string}} host
 * @param {VectorNode} top
 */
function environmentOf(vector, host, top) {
  const instances = new Map(Object.entries(vector.instances ?? {}).map(([id, items]) => [id, new Instance(listOf(items))]))
  return {
    top,
    single: () => null,
    zone: host.offset,
    now: host.now,
    random: host.random,
    uuid: host.uuid,
    instance: (/** @type {string} */ id) => instances.get(id) ?? null,
    choiceName: (/** @type {string} */ value, /** @type {string} */ path) => vector.choices?.[path]?.[value] ?? '',
    itext: (/** @type {string} */ key) => key,
    language: () => 'en',
  }
}

/** @param {Record<string, string>[]} items */
function listOf(items) {
  const columns = [...new Set(items.flatMap((item) => Object.keys(item)))]
  return { columns, rows: items.map((item) => columns.map((column) => item[column] ?? '')) }
}

/**
 * Runs a vector.
 *
 * @param {Record<string, any>} vector
 * @param {{now: () => number, offset: (ms: number) => number, random: () => number, uuid: () => string}} host
 * @returns {string | null} null where it passes, else what came instead
 */
export function runVector(vector, host) {
  const top = new VectorNode('', null)
  for (const [path, value] of Object.entries(vector.context ?? {})) nodeAt(top, path).value = value
  const env = environmentOf(vector, host, top)
  const node = vector.context_node === undefined || vector.context_node === '/' ? top : nodeAt(top, vector.context_node)
  const today = Math.floor((host.now() + host.offset(host.now()) * 60000) / 86400000)
  const expr = vector.expr.replace(/\{\{today([+-]\d+)?\}\}/g, (/** @type {string} */ _, /** @type {string} */ step) => fromDays(today + Number(step ?? 0), host.offset).text)
  let value
  try {
    value = evaluate(parse(expr), contextAt(node, env))
  } catch (error) {
    return vector.expect.type === 'error' ? null : String(error)
  }
  return compareWith(vector, value, host.offset)
}

/**
 * @param {Record<string, any>} vector
 * @param {import('../../static/engine/values.js').Value} value
 * @param {(ms: number) => number} zone
 */
function compareWith(vector, value, zone) {
  const { type, value: expected, shape } = vector.expect
  if (type === 'error') return `no error, but ${JSON.stringify(toText(value))}`
  if (type === 'boolean') return toBoolean(value) === expected ? null : String(toBoolean(value))
  if (type === 'number') {
    const number = toNumber(value, zone)
    const wanted = Number(expected)
    const isSame = Object.is(number + 0, wanted + 0) || Math.abs(number - wanted) <= (vector.tolerance ?? 1e-12)
    return isSame ? null : String(number)
  }
  const text = type === 'date' ? toText(value).slice(0, 10) : toText(value)
  if (shape?.regex !== undefined) return new RegExp(shape.regex).test(text) ? null : text
  if (shape?.length !== undefined) return text.length === shape.length ? null : text
  return text === expected ? null : text
}
