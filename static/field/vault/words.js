/** The words of PINs and of several volunteers on one phone. */

import { addWords } from '../i18n/i18n.js'

/** @type {Promise<void> | null} */
let adding = null

/** Fetches them, once. */
export function fetchWords() {
  adding ??= addWords(async (code) => (await (code === 'en' ? import('../i18n/vault-en.js') : import('../i18n/vault-zh.js'))).vault)
  return adding
}
