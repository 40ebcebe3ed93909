/** Style sheets that only some views need. */

/** Those that were asked for, by address. @type {Map<string, Promise<void>>} */
const sheets = new Map()

/**
 * Adds a style sheet to the page, once. Resolves when it is there, or cannot be had: a plain look is better than no page.
 * @param {string} url
 * @returns {Promise<void>}
 */
export function loadStyle(url) {
  const sheet = sheets.get(url) ?? addSheet(url)
  sheets.set(url, sheet)
  return sheet
}

/** Adds the looks of what comes after the first question. */
export function loadLater() {
  return loadStyle(new URL('../css/later.css', import.meta.url).href)
}

/**
 * A module that is being fetched, once the looks that it needs are there too.
 * @template M
 * @param {Promise<M>} fetched
 * @returns {Promise<M>}
 */
export async function withLater(fetched) {
  const [module] = await Promise.all([fetched, loadLater()])
  return module
}

/** @param {string} url @returns {Promise<void>} */
function addSheet(url) {
  return new Promise((resolve) => {
    const link = document.createElement('link')
    link.rel = 'stylesheet'
    link.href = url
    link.onload = link.onerror = () => resolve()
    document.head.append(link)
  })
}
