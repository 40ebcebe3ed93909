/** @import { Message } from './i18n.js' */

/** Words of a date that is chosen step by step, in English. @type {Record<string, Message>} */
export const steps = {
  'steps.decade': 'Around which year?',
  'steps.decade_name': '{year}s',
  'steps.year': 'Which year?',
  'steps.month': 'Which month of {year}?',
  'steps.day': 'Which day of {month}?',
  'steps.back': 'One step back',
  'steps.calendar': 'Use the phone’s calendar',
}
