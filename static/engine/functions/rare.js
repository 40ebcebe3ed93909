/**
 * Functions that few forms use. The server always has them; a phone fetches them for a form that names one, see field/rare-functions.js.
 */
import { DIGEST_FUNCTIONS } from './digest.js'
import { ENCODING_FUNCTIONS } from './encoding.js'
import { GEO_FUNCTIONS } from './geo.js'
import { INDEXED_FUNCTIONS } from './indexed.js'
import { addFunctions } from './library.js'
import { MATHEMATICAL_FUNCTIONS } from './mathematics.js'
import { RANDOM_FUNCTIONS } from './random.js'
import { SIGNED_FUNCTIONS } from './signed.js'
import { SPAN_FUNCTIONS } from './spans.js'

const RARE = { ...DIGEST_FUNCTIONS, ...ENCODING_FUNCTIONS, ...GEO_FUNCTIONS, ...INDEXED_FUNCTIONS, ...MATHEMATICAL_FUNCTIONS, ...RANDOM_FUNCTIONS, ...SIGNED_FUNCTIONS, ...SPAN_FUNCTIONS }

addFunctions(RARE)

/** Their names. */
export const RARE_NAMES = Object.keys(RARE)
