/**
 * Keeps the coverage board fresh while somebody looks at it: fetches the board every ten seconds and puts it in place of the
 * old one. Without this script the page shows what was true when it was opened. Others hear of it by the event `board:fresh`.
 */

const INTERVAL_MS = 10_000
const TIMEOUT_MS = 8_000

/**
 * Fetches the page's board from the server.
 * @param {string} address
 * @returns {Promise<Element>} The new `[data-board]`, not yet part of this page. Rejects when the server gives none.
 */
async function fetchBoard(address) {
  const response = await fetch(address, {
    headers: { 'X-Fragment': 'board' },
    credentials: 'same-origin',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  const page = new DOMParser().parseFromString(await response.text(), 'text/html')
  const board = page.querySelector('[data-board]')
  // After the session has ended the answer is the sign-in page, which is no board.
  if (!response.ok || !board) throw new Error(`no board in an answer with status ${response.status}`)
  return board
}

/**
 * How to find a link again in another board: by its id, else by its address and its place among those with the same one.
 * @param {Element} board
 * @param {Element} link
 */
function whereIs(board, link) {
  const address = link.getAttribute('href')
  const alike = [...board.querySelectorAll('a')].filter((other) => other.getAttribute('href') === address)
  return { id: link.id, address, at: alike.indexOf(/** @type {HTMLAnchorElement} */ (link)) }
}

/**
 * @param {Element} board
 * @param {{ id: string, address: string | null, at: number }} place
 * @returns {HTMLElement | null | undefined}
 */
function findAgain(board, { id, address, at }) {
  if (id) return document.getElementById(id)
  return [...board.querySelectorAll('a')].filter((other) => other.getAttribute('href') === address)[at]
}

/**
 * Puts a new board in place of the old one. The keyboard's focus stays on the same link, the page where it was scrolled to.
 * @param {Element} old
 * @param {Element} fresh
 */
function replaceBoard(old, fresh) {
  const focused = document.activeElement
  const place = focused && old.contains(focused) ? whereIs(old, focused) : null
  const { scrollX, scrollY } = window
  old.replaceWith(document.adoptNode(fresh))
  if (place) findAgain(fresh, place)?.focus({ preventScroll: true })
  if (scrollX !== window.scrollX || scrollY !== window.scrollY) window.scrollTo(scrollX, scrollY)
}

/** Fetches and shows the board once, or says that what is shown is old. */
async function refresh() {
  const old = document.querySelector('[data-board]')
  const stale = document.querySelector('[data-board-stale]')
  if (!old || document.hidden) return
  try {
    const fresh = await fetchBoard(location.href)
    // Somebody who marks text or holds a menu open loses it only when something has really changed.
    if (!old.isEqualNode(fresh)) {
      replaceBoard(old, fresh)
      document.dispatchEvent(new Event('board:fresh'))
    }
    stale?.setAttribute('hidden', '')
  } catch {
    stale?.removeAttribute('hidden')
  }
}

/** Refreshes, and again ten seconds after the answer, so that a slow server is never asked twice at once. */
async function refreshForEver() {
  await refresh()
  setTimeout(refreshForEver, INTERVAL_MS)
}

document.querySelector('[data-live]')?.removeAttribute('hidden')
setTimeout(refreshForEver, INTERVAL_MS)
document.addEventListener('visibilitychange', refresh)
