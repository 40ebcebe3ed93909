/** The words and looks of what the fill screen has besides: the sheet behind ⋯, reading aloud, handing over. */

import { wordsOnce } from '../views/later-words.js'

/** Fetches them, once. */
export const fetchMore = wordsOnce(async (code) => (await (code === 'en' ? import('../i18n/more-en.js') : import('../i18n/more-zh.js'))).more)
