/** How the volunteer wants a questionnaire shown: as it says itself, page by page, or whole. */

/** @typedef {'form'|'pages'|'scroll'} Layout */

/**
 * Tells whether a questionnaire is shown whole, as one page that scrolls. docs/decisions/0008 says why so.
 *
 * @param {string} style the questionnaire's own, words separated by blanks
 * @param {Layout} wish the volunteer's
 * @returns {boolean}
 */
export function isWhole(style, wish) {
  if (wish !== 'form') return wish === 'scroll'
  const words = style.split(/\s+/)
  return words.includes('theme-grid') && !words.includes('pages')
}
