/** Locking: on the button, and by itself when the page was away for a while. What is open is saved before. */

/** @typedef {import('../application.js').App} App */

const AWAY_MS = 5 * 60 * 1000
const channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel('collector-lock') : null
let isWatching = false

/** Asks who holds the phone, in this tab and the others, before anything more is shown. @param {App} app */
export async function lock(app) {
  lockOthers()
  await lockHere(app)
}

/** Asks in the other tabs only. */
export function lockOthers() {
  channel?.postMessage('lock')
}

/** @param {App} app */
async function lockHere(app) {
  app.isAsking = true
  // The view that closes saves what it holds; the one that opens lets go of the key.
  await app.reopen()
}

/** Shows the app to the volunteer who is present now. @param {App} app @param {boolean} isSame whether it is who was there before: they go on where they were */
export async function enterAs(app, isSame) {
  app.isAsking = false
  await app.changed()
  await app.followLanguage()
  await (isSame ? app.reopen() : app.router.go('/app/', { replace: true }))
  app.sender.send({ isInsistent: true })
}

/** Locks the phone from now on when it is left alone. @param {App} app */
export function watch(app) {
  if (isWatching) return
  isWatching = true
  channel?.addEventListener('message', () => { if (app.database.keeper) lockHere(app) })
  let hiddenAt = 0
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer
  const lockIfAway = () => { if (app.database.keeper && hiddenAt > 0 && Date.now() - hiddenAt >= AWAY_MS) lockHere(app) }
  document.addEventListener('visibilitychange', () => {
    clearTimeout(timer)
    // A phone that sleeps runs no timer: the time is looked at again when the page is seen.
    lockIfAway()
    hiddenAt = document.visibilityState === 'hidden' ? Date.now() : 0
    if (hiddenAt > 0) timer = setTimeout(lockIfAway, AWAY_MS)
  })
}
