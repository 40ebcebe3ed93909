/** Words that a phone needs only after its first pages, fetched with the looks that go with them when a page first wants them. */

import { addWords } from '../i18n/i18n.js'
import { loadLater } from '../style.js'

/** @typedef {Parameters<typeof addWords>[0]} Part */

/**
 * Gives the function that fetches a part of the words, once; what it gives rejects where they cannot be had, and the next call tries again.
 * @param {Part} part
 */
export function wordsOnce(part) {
  /** @type {Promise<void> | null} */
  let adding = null
  return () => {
    adding ??= Promise.all([addWords(part), loadLater()]).then(() => {})
    adding.catch(() => {
      adding = null
    })
    return adding
  }
}

/** About sending, of My responses and of the settings. */
export const laterWords = wordsOnce(async (code) => (await (code === 'en' ? import('../i18n/later-en.js') : import('../i18n/later-zh.js'))).later)
