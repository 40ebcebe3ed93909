/**
 * The functions of the expression language, by name. Those that few forms use are added by rare.js.
 */
import { CONTEXT_FUNCTIONS } from './context.js'
import { DATE_FUNCTIONS } from './dates.js'
import { FORMAT_FUNCTIONS } from './formats.js'
import { NODESET_FUNCTIONS } from './nodesets.js'
import { NUMBER_FUNCTIONS } from './numbers.js'
import { SELECT_FUNCTIONS } from './select.js'
import { STRING_FUNCTIONS } from './strings.js'

/** @type {Map<string, import('./define.js').FunctionDefinition>} */
const LIBRARY = new Map()

/**
 * Adds functions to the language.
 *
 * @param {Record<string, import('./define.js').FunctionDefinition>[]} groups
 */
export function addFunctions(...groups) {
  for (const group of groups) {
    for (const [name, definition] of Object.entries(group)) LIBRARY.set(name, definition)
  }
}

addFunctions(STRING_FUNCTIONS, NUMBER_FUNCTIONS, NODESET_FUNCTIONS, SELECT_FUNCTIONS, DATE_FUNCTIONS, FORMAT_FUNCTIONS, CONTEXT_FUNCTIONS)

/**
 * Gives the function of that name, null where the language has none.
 *
 * @param {string} name
 */
export function functionNamed(name) {
  return LIBRARY.get(name) ?? null
}
