/**
 * Functions that few forms use. The server always has them; a phone fetches them for a form that names one, see field/rare-functions.js.
 */
import { DIGEST_FUNCTIONS } from './digest.js'
import { GEO_FUNCTIONS } from './geo.js'
import { addFunctions } from './library.js'

addFunctions(GEO_FUNCTIONS, DIGEST_FUNCTIONS)

/** Their names. */
export const RARE_NAMES = Object.keys({ ...GEO_FUNCTIONS, ...DIGEST_FUNCTIONS })
