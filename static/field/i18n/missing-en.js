/** @import { Message } from './i18n.js' */

/** Words for why a question has no answer, in English; fetched with the first question that allows it. @type {Record<string, Message>} */
export const missing = {
  'missing.dont_know': "Don't know",
  'missing.declined': 'Rather not say',
}
