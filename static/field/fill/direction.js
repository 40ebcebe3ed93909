/** @import { Form } from './types.js' */

/** Languages that are written from right to left. */
const RIGHT_TO_LEFT = new Set(['ar', 'dv', 'fa', 'he', 'ps', 'ug', 'ur'])

/**
 * Marks an element with the questionnaire's language and the way that it is written.
 *
 * @param {HTMLElement} element
 * @param {Form} form
 */
export function setDirection(element, { languages, language }) {
  const code = languages.find(({ name }) => name === language)?.code ?? ''
  if (code) element.lang = code
  element.dir = RIGHT_TO_LEFT.has(code.split('-')[0]) ? 'rtl' : 'ltr'
}
