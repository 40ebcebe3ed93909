/** The words and looks of PINs and of several volunteers on one phone. */

import { loadLater } from '../style.js'
import { wordsOnce } from '../views/later-words.js'

const vaultWords = wordsOnce(async (code) => (await (code === 'en' ? import('../i18n/vault-en.js') : import('../i18n/vault-zh.js'))).vault)

/** Fetches them, once. */
export async function fetchWords() {
  await Promise.all([vaultWords(), loadLater()])
}
