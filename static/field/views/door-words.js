/** The words and looks of doors, and how a call's time is said. */

import { shortTime, t } from '../i18n/i18n.js'
import { wordsOnce } from './later-words.js'

/** Fetches words and looks, once. */
export const fetchDoorWords = wordsOnce(async (code) => (await (code === 'en' ? import('../i18n/doors-en.js') : import('../i18n/doors-zh.js'))).doors)

/** Time of the day of a moment, in the language now shown. @param {number} ms */
export function timeOf(ms) {
  return new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' }).format(ms)
}

/** A coming or past moment as it is said at the door: `19:00`, `tomorrow 10:00`, `24 Nov, 09:43`. @param {number} ms @param {number} now */
export function whenOf(ms, now) {
  const tomorrow = new Date(now)
  tomorrow.setDate(tomorrow.getDate() + 1)
  return new Date(ms).toDateString() === tomorrow.toDateString() ? t('doors.tomorrow', { time: timeOf(ms) }) : shortTime(ms)
}
