/**
 * Keeps the coverage board fresh while somebody looks at it: fetches the board every ten seconds and puts it in place of the
 * old one. Without this script the page shows what was true when it was opened.
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
 * Puts a new board in place of the old one; keeps the keyboard's focus on the same link.
 * @param {Element} old
 * @param {Element} fresh
 */
function replaceBoard(old, fresh) {
  const focused = old.contains(document.activeElement) ? document.activeElement?.id : ''
  old.replaceWith(document.adoptNode(fresh))
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true })
}

/** Fetches and shows the board once, or says that what is shown is old. */
async function refresh() {
  const old = document.querySelector('[data-board]')
  const stale = document.querySelector('[data-board-stale]')
  if (!old || document.hidden) return
  try {
    const fresh = await fetchBoard(location.href)
    // Somebody who marks text or holds a menu open loses it only when something has really changed.
    if (!old.isEqualNode(fresh)) replaceBoard(old, fresh)
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

setTimeout(refreshForEver, INTERVAL_MS)
document.addEventListener('visibilitychange', refresh)
