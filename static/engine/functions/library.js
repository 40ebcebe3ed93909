/**
 * All functions of the expression language, by name.
 */
import { CONTEXT_FUNCTIONS } from './context.js'
import { DATE_FUNCTIONS } from './dates.js'
import { DIGEST_FUNCTIONS } from './digest.js'
import { GEO_FUNCTIONS } from './geo.js'
import { NODESET_FUNCTIONS } from './nodesets.js'
import { NUMBER_FUNCTIONS } from './numbers.js'
import { SELECT_FUNCTIONS } from './select.js'
import { STRING_FUNCTIONS } from './strings.js'

/** @type {Map<string, import('./define.js').FunctionDefinition>} */
const LIBRARY = new Map(
  [STRING_FUNCTIONS, NUMBER_FUNCTIONS, NODESET_FUNCTIONS, SELECT_FUNCTIONS, DATE_FUNCTIONS, CONTEXT_FUNCTIONS, GEO_FUNCTIONS, DIGEST_FUNCTIONS].flatMap((group) =>
    Object.entries(group),
  ),
)

/**
 * Gives the function of that name, null where the language has none.
 *
 * @param {string} name
 */
export function functionNamed(name) {
  return LIBRARY.get(name) ?? null
}
