/**
 * The service worker: keeps the whole client of one build, so that it opens without a signal.
 *
 * The server puts `self.collector = {build, files}` in front of this text (collector/field/routes.py). It holds no rule of a survey and
 * never touches /sync/: what goes to the server and what it means is the page's business.
 */

const worker = /** @type {any} */ (self)
/** @type {{build: string, files: string[]}} */
const { build, files } = worker.collector

const PREFIX = 'collector-'
const CACHE = PREFIX + build
const SHELL = '/app/'

/**
 * Fetches a file of this build. A captive portal answers 200 with a page of its own to whatever is asked for; none of our files is a page (A09).
 * @param {Cache} cache
 * @param {string} file
 */
async function keep(cache, file) {
  const answer = await fetch(file)
  if (!answer.ok || answer.headers.get('Content-Type')?.startsWith('text/html')) throw new Error('no file of ours')
  await cache.put(file, answer)
}

/** Fetches every file of this build and the shell; all of it or nothing, so that a half-loaded build is never used. */
async function install() {
  const cache = await caches.open(CACHE)
  // The files' addresses name their content: a copy in the browser's own cache is as good as a fresh one.
  await Promise.all(files.map((file) => keep(cache, file)))
  const shell = await fetch(SHELL, { cache: 'no-cache', credentials: 'omit' })
  const text = await shell.clone().text()
  if (!shell.ok || !text.includes(`data-build="${build}"`)) throw new Error('the shell is of another build')
  await cache.put(SHELL, shell)
}

/** Builds that an open page still runs: each page holds a shared lock named after its build. */
async function buildsInUse() {
  const locks = worker.navigator.locks
  if (!locks) return null
  const { held } = await locks.query()
  return new Set(held.map((/** @type {{name: string}} */ lock) => lock.name.replace(/^build:/, PREFIX)))
}

/** Deletes the caches of old builds that no open page runs. */
async function tidy() {
  // A worker that has a successor must not take the files that this one has just fetched for old ones.
  const { installing, waiting } = worker.registration
  const inUse = await buildsInUse()
  if (!inUse || installing || waiting) return
  const old = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE && !inUse.has(name))
  await Promise.all(old.map((name) => caches.delete(name)))
}

/**
 * The kept copy of a file, of whichever build; else the network's.
 * @param {Request} request
 */
async function fromCache(request) {
  return (await caches.match(request)) ?? fetch(request)
}

/**
 * The kept shell for every page of the client; the network's only before it is kept.
 * @param {Request} request
 */
async function shellFor(request) {
  const cache = await caches.open(CACHE)
  return (await cache.match(SHELL)) ?? fetch(request)
}

/**
 * Asks the open pages to send; with none open, the next opening sends. Throws where nobody heard, so that the browser asks again.
 */
async function askToSend() {
  const pages = await worker.clients.matchAll({ type: 'window' })
  for (const page of pages) page.postMessage({ type: 'send' })
  if (pages.length === 0) throw new Error('no page is open to send')
}

worker.addEventListener('install', (/** @type {any} */ event) => event.waitUntil(install()))

worker.addEventListener('activate', (/** @type {any} */ event) => {
  event.waitUntil(tidy().then(() => worker.clients.claim()))
})

worker.addEventListener('message', (/** @type {any} */ event) => {
  // Only the volunteer's tap puts a new build in the place of a running one.
  if (event.data?.type === 'update') worker.skipWaiting()
  // A page that began to load before this worker was active has none: it asks.
  if (event.data?.type === 'opened') event.waitUntil(tidy().then(() => worker.clients.claim()))
})

worker.addEventListener('sync', (/** @type {any} */ event) => {
  if (event.tag === 'send') event.waitUntil(askToSend())
})

worker.addEventListener('fetch', (/** @type {any} */ event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== worker.location.origin) return
  if (url.pathname.startsWith('/static/')) event.respondWith(fromCache(request))
  else if (request.mode === 'navigate' && url.pathname.startsWith(SHELL)) event.respondWith(shellFor(request))
})
