/**
 * The page of exports: keeps the list of files fresh while one of them is being made, and copies the address of the options. Without this
 * script the list is brought up to date by its link, and the address is there to be copied by hand.
 */

const INTERVAL_MS = 2_000
const TIMEOUT_MS = 8_000

/**
 * Fetches the list of files of this page.
 * @returns {Promise<Element>} The new `[data-files]`. Rejects when the server gives none.
 */
async function fetchFiles() {
  const response = await fetch(location.pathname, {
    headers: { 'X-Fragment': 'files' },
    credentials: 'same-origin',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  const page = new DOMParser().parseFromString(await response.text(), 'text/html')
  const files = page.querySelector('[data-files]')
  // After the session has ended the answer is the sign-in page, which holds no files.
  if (!response.ok || !files) throw new Error(`no list of files in an answer with status ${response.status}`)
  return files
}

/**
 * Puts a new list in place of the old one; the keyboard's focus stays on the same button or link where it is still there.
 * @param {Element} old
 * @param {Element} fresh
 */
function replaceFiles(old, fresh) {
  const focused = document.activeElement
  const row = focused?.closest('[data-file]')
  const at = row && focused ? [...row.querySelectorAll('a, button')].indexOf(focused) : -1
  old.replaceWith(document.adoptNode(fresh))
  if (!row) return
  const same = fresh.querySelector(`[data-file="${row.getAttribute('data-file')}"]`)
  const target = same?.querySelectorAll('a, button')[at]
  if (target instanceof HTMLElement) target.focus({ preventScroll: true })
}

/** Brings the list up to date, again and again while a file of it is being made. */
async function refreshWhileWaiting() {
  const old = document.querySelector('[data-files][data-waiting]')
  if (!old) return
  if (!document.hidden) {
    try {
      const fresh = await fetchFiles()
      if (!old.isEqualNode(fresh)) replaceFiles(old, fresh)
    } catch {
      // What is shown stays, and its link still asks the server.
    }
  }
  setTimeout(refreshWhileWaiting, INTERVAL_MS)
}

/** Shows the button that copies the address, where the browser lets pages do that. */
function offerCopy() {
  const button = document.querySelector('[data-copy]')
  const address = document.querySelector('[data-address]')
  if (!(button instanceof HTMLButtonElement) || !(address instanceof HTMLAnchorElement) || !navigator.clipboard) return
  button.hidden = false
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(address.href)
    const words = button.querySelector('span')
    if (words) words.textContent = button.dataset.done ?? ''
  })
}

setTimeout(refreshWhileWaiting, INTERVAL_MS)
offerCopy()
