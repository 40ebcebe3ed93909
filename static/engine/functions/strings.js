/**
 * Functions of text (XPath 1.0 section 4.2; ODK XForms "String Functions").
 */
import { define } from './define.js'
import { toNumber, toText } from '../values.js'

const MAX_REGEX_CACHE = 500
/** @type {Map<string, RegExp | null>} */
const regexCache = new Map()

/** @type {Record<string, import('./define.js').FunctionDefinition>} */
export const STRING_FUNCTIONS = {
  string: define(0, 1, (args, context) => (args.length === 0 ? context.node.text() : toText(args[0]))),
  concat: define(0, Infinity, (args) => args.flatMap((arg) => (Array.isArray(arg) ? arg.map((node) => node.text()) : [toText(arg)])).join('')),
  join: define(1, Infinity, ([separator, ...args]) =>
    args.flatMap((arg) => (Array.isArray(arg) ? arg.map((node) => node.text()) : [toText(arg)])).join(toText(separator)),
  ),
  contains: define(2, 2, ([text, part]) => toText(text).includes(toText(part))),
  'starts-with': define(2, 2, ([text, part]) => toText(text).startsWith(toText(part))),
  'ends-with': define(2, 2, ([text, part]) => toText(text).endsWith(toText(part))),
  'substring-before': define(2, 2, ([text, part]) => {
    const at = toText(text).indexOf(toText(part))
    return at < 0 ? '' : toText(text).slice(0, at)
  }),
  'substring-after': define(2, 2, ([text, part]) => {
    const at = toText(text).indexOf(toText(part))
    return at < 0 ? '' : toText(text).slice(at + toText(part).length)
  }),
  substring: define(2, 3, ([text, start, length], { env }) => {
    const first = Math.round(toNumber(start, env.zone))
    const end = length === undefined ? Infinity : first + Math.round(toNumber(length, env.zone))
    return [...toText(text)].filter((_, index) => index + 1 >= first && index + 1 < end).join('')
  }),
  substr: define(2, 3, ([text, start, end], { env }) => {
    const characters = [...toText(text)]
    return characters.slice(toNumber(start, env.zone), end === undefined ? undefined : toNumber(end, env.zone)).join('')
  }),
  'string-length': define(0, 1, (args, context) => [...(args.length === 0 ? context.node.text() : toText(args[0]))].length),
  'normalize-space': define(0, 1, (args, context) =>
    (args.length === 0 ? context.node.text() : toText(args[0])).replace(/[ \t\r\n]+/g, ' ').replace(/^ | $/g, ''),
  ),
  // Not of any specification, but authors use it (corpus: 8 forms).
  trim: define(1, 1, ([text]) => toText(text).trim()),
  'upper-case': define(1, 1, ([text]) => toText(text).toUpperCase()),
  'lower-case': define(1, 1, ([text]) => toText(text).toLowerCase()),
  translate: define(3, 3, ([text, from, to]) => translated(toText(text), [...toText(from)], [...toText(to)])),
  regex: define(2, 2, ([text, pattern]) => {
    const regex = regexOf(toText(pattern))
    return regex !== null && regex.test(toText(text))
  }),
}

/**
 * @param {string} text
 * @param {string[]} from
 * @param {string[]} to
 */
function translated(text, from, to) {
  return [...text]
    .map((character) => {
      const at = from.indexOf(character)
      return at < 0 ? character : (to[at] ?? '')
    })
    .join('')
}

/**
 * Gives the compiled pattern, null where it is none. The whole text has to match (ODK XForms: "exact and complete").
 *
 * @param {string} pattern
 */
function regexOf(pattern) {
  const known = regexCache.get(pattern)
  if (known !== undefined) return known
  const regex = compiled(`^(?:${pattern})$`, 'u') ?? compiled(`^(?:${pattern})$`, '')
  if (regexCache.size >= MAX_REGEX_CACHE) regexCache.clear()
  regexCache.set(pattern, regex)
  return regex
}

/**
 * Under the flag `u` a pattern knows `\p{L}` but not needless escapes such as `\-`, which authors write.
 *
 * @param {string} source
 * @param {string} flags
 */
function compiled(source, flags) {
  try {
    return new RegExp(source, flags)
  } catch {
    return null
  }
}
