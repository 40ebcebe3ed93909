/** The words that a phone needs only after its first pages: about sending, of My responses and of the settings. */

import { addWords } from '../i18n/i18n.js'

/** @type {Promise<void> | null} */
let adding = null

/** Fetches them, once. Rejects where they cannot be had. */
export function laterWords() {
  adding ??= addWords(async (code) => (await (code === 'en' ? import('../i18n/later-en.js') : import('../i18n/later-zh.js'))).later)
  adding.catch(() => {
    adding = null
  })
  return adding
}
