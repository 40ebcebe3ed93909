/** The page's side of the service worker: registration, readiness without a signal, and updates on the volunteer's tap. */

/** Follows the service worker. */
export class Worker {
  #changed
  #beforeReload
  /** @type {ServiceWorker | null} */
  #waiting = null
  /** Whether the client opens without a signal. */
  isReady = false

  /**
   * @param {() => void} changed called when `isReady` or `hasUpdate` has changed
   * @param {() => void | Promise<void> | undefined} beforeReload called before a new build takes over
   */
  constructor(changed, beforeReload) {
    this.#changed = changed
    this.#beforeReload = beforeReload
  }

  /** Whether a newer build waits for the volunteer's tap. */
  get hasUpdate() {
    return this.#waiting !== null
  }

  /** Registers the service worker and holds this build's files for as long as the page is open. */
  async start() {
    holdBuild()
    if (!('serviceWorker' in navigator)) return
    let isControlled = navigator.serviceWorker.controller !== null
    navigator.serviceWorker.addEventListener('controllerchange', async () => {
      // The first worker takes charge of a page of its own build; only a later one means another build.
      const isFirst = !isControlled
      isControlled = true
      if (isFirst) return
      await this.#beforeReload()
      location.reload()
    })
    try {
      const registration = await navigator.serviceWorker.register('/app/sw.js', { scope: '/app/' })
      this.#follow(registration)
      // On pages outside the scope, such as the enrolment's, `ready` of the container never comes.
      await untilActive(registration)
      this.isReady = true
      registration.active?.postMessage({ type: 'opened' })
      this.#changed()
    } catch {
      // Without a signal, or where the browser forbids workers, the page works on as it is.
    }
  }

  /** Puts the new build in charge; the page loads again by itself. */
  update() {
    this.#waiting?.postMessage({ type: 'update' })
  }

  /** Asks the browser to wake the pages when a signal returns, where it can. */
  async wakeOnSignal() {
    const registration = await navigator.serviceWorker?.getRegistration('/app/')
    if (!registration || !('sync' in registration)) return
    await /** @type {any} */ (registration).sync.register('send').catch(() => {})
  }

  /** @param {ServiceWorkerRegistration} registration */
  #follow(registration) {
    const note = () => {
      // Without an active worker the waiting one is the first and takes charge by itself.
      this.#waiting = registration.active ? registration.waiting : null
      this.#changed()
    }
    registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', note))
    if (registration.waiting) note()
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') registration.update().catch(() => {})
    })
  }
}

/** @param {ServiceWorkerRegistration} registration @returns {Promise<void>} */
function untilActive(registration) {
  return new Promise((resolve) => {
    const worker = registration.active ?? registration.waiting ?? registration.installing
    if (!worker || registration.active) return resolve()
    worker.addEventListener('statechange', () => {
      if (worker.state === 'activated') resolve()
    })
  })
}

/** Holds a shared lock named after this page's build: sw.js keeps a build's files while anyone holds it. */
function holdBuild() {
  const { build } = document.documentElement.dataset
  navigator.locks?.request(`build:${build}`, { mode: 'shared' }, () => new Promise(() => {}))
}
