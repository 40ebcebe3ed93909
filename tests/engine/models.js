/**
 * Small models for tests, written in the test that uses them. The engine has all its functions here, as on the server.
 */
import '../../static/engine/functions/rare.js'

/**
 * @param {any[]} children
 * @param {Record<string, any>} [rest] `texts` of the one language, `lists`, `actions`, `form`
 */
export function model(children, { texts = {}, lists = {}, actions = [], form = {} } = {}) {
  return /** @type {any} */ ({
    model: 1,
    form: { id: 'f', version: '1', title: 'F', languages: [{ name: 'default', code: '' }], default_language: 'default', ...form },
    root: { kind: 'group', name: 'data', children },
    texts: form.languages === undefined ? { default: texts } : texts,
    lists,
    actions,
  })
}

/** @param {string} name @param {Record<string, any>} [keys] */
export function text(name, keys = {}) {
  return { kind: 'question', name, type: 'string', control: 'input', ...keys }
}

/** @param {string} name @param {Record<string, any>} [keys] */
export function int(name, keys = {}) {
  return text(name, { type: 'int', ...keys })
}

/** @param {string} name @param {string} calculate @param {Record<string, any>} [keys] */
export function calculate(name, calculate, keys = {}) {
  return { kind: 'question', name, type: 'string', calculate, ...keys }
}

/** @param {string} name @param {string} nodeset @param {Record<string, any>} [keys] */
export function select1(name, nodeset, keys = {}) {
  return text(name, { control: 'select1', itemset: { nodeset, value: 'name', label: 'label' }, ...keys })
}

/** @param {string} name @param {any[]} children @param {Record<string, any>} [keys] */
export function group(name, children, keys = {}) {
  return { kind: 'group', name, children, ...keys }
}

/** @param {string} name @param {any[]} children @param {Record<string, any>} [keys] */
export function repeat(name, children, keys = {}) {
  return { kind: 'repeat', name, children, ...keys }
}

/**
 * @param {string[]} names
 * @param {Record<string, string[]>} [columns] further columns
 */
export function list(names, columns = {}) {
  const extra = Object.keys(columns)
  return { columns: ['name', 'label', ...extra], rows: names.map((name, row) => [name, name.toUpperCase(), ...extra.map((key) => columns[key][row])]) }
}

/**
 * @param {{now?: string, zone?: string, random?: () => number}} [world] moment in ISO 8601, IANA time zone
 */
export function host({ now = '2026-11-24T12:00:00Z', zone = 'UTC', random = () => 0.5 } = {}) {
  let ids = 0
  return {
    now: () => Date.parse(now),
    offset: (/** @type {number} */ ms) => offsetIn(zone, ms),
    random,
    uuid: () => `00000000-0000-4000-8000-${String((ids += 1)).padStart(12, '0')}`,
    properties: { deviceid: 'phone-1', username: 'wang' },
  }
}

/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map()

/** @param {string} zone @param {number} ms */
function offsetIn(zone, ms) {
  let format = formats.get(zone)
  if (format === undefined) formats.set(zone, (format = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' })))
  const name = format.formatToParts(ms).find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT'
  const [, sign, hours, minutes = '0'] = /GMT([+-])(\d+):?(\d+)?/.exec(name) ?? [null, '+', '0']
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
}

/**
 * Sets answers by positional path.
 *
 * @param {any} form
 * @param {Record<string, string>} answers
 */
export function fill(form, answers) {
  for (const [path, value] of Object.entries(answers)) {
    const node = form.find(path)
    if (node === null) throw new Error(`no node ${path}`)
    form.set(node, value)
  }
}

/** @param {any} form @param {string} path */
export function valueAt(form, path) {
  const node = form.find(path)
  return node === null ? undefined : node.text()
}
