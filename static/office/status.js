/** The status page: brings itself up to date twice a minute while somebody looks. Without this script its button does. */

const INTERVAL_MS = 30_000
const TIMEOUT_MS = 10_000

async function refresh() {
  const old = document.querySelector('[data-status]')
  if (!old) return
  if (!document.hidden) {
    try {
      const response = await fetch(location.pathname, { credentials: 'same-origin', signal: AbortSignal.timeout(TIMEOUT_MS) })
      const page = new DOMParser().parseFromString(await response.text(), 'text/html')
      const fresh = page.querySelector('[data-status]')
      if (response.ok && fresh) old.replaceWith(document.adoptNode(fresh))
    } catch {
      // What is shown stays, with the moment that it is of.
    }
  }
  setTimeout(refresh, INTERVAL_MS)
}

setTimeout(refresh, INTERVAL_MS)
