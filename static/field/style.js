/** Style sheets that only some views need. */

/**
 * Adds a style sheet to the page, once. Resolves when it is there, or cannot be had: a plain look is better than no page.
 * @param {string} url
 * @returns {Promise<void>}
 */
export function loadStyle(url) {
  const present = [...document.querySelectorAll('link[rel=stylesheet]')].some((link) => /** @type {HTMLLinkElement} */ (link).href === url)
  if (present) return Promise.resolve()
  return new Promise((resolve) => {
    const link = document.createElement('link')
    link.rel = 'stylesheet'
    link.href = url
    link.onload = link.onerror = () => resolve()
    document.head.append(link)
  })
}
