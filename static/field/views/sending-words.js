/** The words about sending, which a phone needs only once it has something to send. */

import { addWords } from '../i18n/i18n.js'

/** @type {Promise<void> | null} */
let adding = null

/** Fetches them, once. Rejects where they cannot be had. */
export function sendingWords() {
  adding ??= addWords(async (code) => (await (code === 'en' ? import('../i18n/sending-en.js') : import('../i18n/sending-zh.js'))).sending)
  adding.catch(() => {
    adding = null
  })
  return adding
}
