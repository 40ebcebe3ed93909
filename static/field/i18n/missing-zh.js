/** @import { Message } from './i18n.js' */

/** Words for why a question has no answer, in Chinese; fetched with the first question that allows it. @type {Record<string, Message>} */
export const missing = {
  'missing.dont_know': '不知道',
  'missing.declined': '不愿回答',
}
