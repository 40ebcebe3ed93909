/** The words of PINs and of several volunteers on one phone. */

import { wordsOnce } from '../views/later-words.js'

/** Fetches them, once. */
export const fetchWords = wordsOnce(async (code) => (await (code === 'en' ? import('../i18n/vault-en.js') : import('../i18n/vault-zh.js'))).vault)
