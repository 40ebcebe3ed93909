/** The words and looks of what the fill screen has besides: the sheet behind ⋯, reading aloud, handing over. */

import { loadLater } from '../style.js'
import { wordsOnce } from '../views/later-words.js'

const moreWords = wordsOnce(async (code) => (await (code === 'en' ? import('../i18n/more-en.js') : import('../i18n/more-zh.js'))).more)

/** Fetches them, once. */
export async function fetchMore() {
  await Promise.all([moreWords(), loadLater()])
}
