/** The words and looks of PINs and of several volunteers on one phone. */

import { addWords } from '../i18n/i18n.js'
import { loadStyle } from '../style.js'

/** @type {Promise<void> | null} */
let adding = null

/** Fetches them, once. */
export async function fetchWords() {
  adding ??= addWords(async (code) => (await (code === 'en' ? import('../i18n/vault-en.js') : import('../i18n/vault-zh.js'))).vault)
  await Promise.all([adding, loadStyle(new URL('../../css/lock.css', import.meta.url).href)])
}
