/** The client while it runs: what the phone holds, who sends it, and the view on the screen. */

import { showChildren } from './dom.js'
import { barFor } from './views/bar.js'
import { openHome } from './views/home.js'
import { askToPersist, watchRare } from './views/notices.js'
import { openPlace } from './views/place.js'
import { Router } from './router.js'
import { setLanguage } from './i18n/i18n.js'
import { readState } from './state.js'
import { dropOldReceipts } from './store/outbox.js'
import { saveLanguage } from './store/profile.js'
import { Sender } from './sync/sender.js'
import { troublePage } from './trouble.js'
import { Worker } from './worker.js'

/** @typedef {import('./state.js').State} State */
/** @typedef {import('./router.js').View} View */
/** @typedef {import('./store/database.js').Database} Database */

/** What every view is given. */
export class App {
  #root
  #channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel('collector') : null
  /** The last reading that was asked for. @type {Promise<void>} */
  #refreshing = Promise.resolve()
  /** A reading that has not begun: whoever asks meanwhile shares it. @type {Promise<void> | null} */
  #wanted = null
  /** @type {State} */
  #state = /** @type {any} */ (null)
  /** The draft that was begun last, until its view takes it. @type {import('./store/types.js').Draft | null} */
  begun = null
  /** Whether the phone was locked and nobody has said since who they are. */
  isAsking = false
  /** Code of the language chosen on this phone, '' for none. It is known here before it is on the disk. */
  #language = ''

  /**
   * @param {HTMLElement} root
   * @param {Database} database
   * @param {typeof fetch} fetch
   */
  constructor(root, database, fetch) {
    this.#root = root
    this.database = database
    this.fetch = fetch
    this.sender = new Sender(database, fetch, () => this.changed(), () => this.#update())
    this.worker = new Worker(() => this.#update(), () => this.router.view?.close?.())
    this.router = new Router(routesOf(this), (view) => this.#show(view))
  }

  /** What the phone holds, as last read. */
  get state() {
    return this.#state
  }

  /** Whether it must first be said who holds the phone, and a PIN be entered. Enrolling is free to anybody. */
  get isLocked() {
    const { device, people, hasPin } = this.#state
    const isWanted = this.isAsking || (device ? hasPin && this.database.keeper?.user !== device.user.id : people.length > 0)
    return isWanted && location.pathname.startsWith('/app/')
  }

  /** Opens the present address anew. */
  reopen() {
    return this.router.go(location.pathname + location.search, { replace: true })
  }

  /** Reads what the phone holds, shows the first view, then sends and keeps itself up to date. */
  async start() {
    await this.refresh()
    this.#language = this.#state.language
    await this.followLanguage()
    this.#channel?.addEventListener('message', () => this.refresh())
    await this.router.start()
    await this.router.view?.ready
    // Enrolling goes on in another document, which would cut off what is begun here.
    if (location.pathname.startsWith('/app/')) this.sender.start()
    dropOldReceipts(this.database, Date.now()).catch(() => {})
    this.worker.start()
    // Asked at each opening: browsers say yes once the app is on the home screen, or used often enough (A07).
    if (this.#state.device) await askToPersist()
    // A first visit fetches nothing for what is rare before the client is kept.
    const watch = () => watchRare(this).catch(() => {})
    if (navigator.serviceWorker?.controller) watch()
    else navigator.serviceWorker?.addEventListener('controllerchange', watch, { once: true })
    this.#update()
  }

  /** Tells this tab and the others that what the phone holds has changed. */
  changed() {
    this.#channel?.postMessage('changed')
    return this.refresh()
  }

  /** Reads the state again and lets the view follow. One reading follows another, so that an older one never comes last. */
  refresh() {
    this.#wanted ??= this.#refreshing.catch(() => {}).then(async () => {
      this.#wanted = null
      const wasOpen = this.#state && !this.isLocked
      this.#state = await readState(this.database)
      this.#update()
      // Another tab may have set a PIN, or handed the phone on.
      if (wasOpen && this.isLocked) this.reopen()
    })
    this.#refreshing = this.#wanted
    return this.#wanted
  }

  /** Shows the language chosen on this phone, else the user's. */
  async followLanguage() {
    const wanted = this.#language || this.#state.device?.user.language
    if (wanted) await setLanguage(wanted)
    this.#update()
  }

  /** Shows a language from now on. @param {string} code */
  async switchLanguage(code) {
    this.#language = code
    await setLanguage(code)
    await saveLanguage(this.database, code)
    await this.changed()
  }

  #update() {
    const view = this.router.view
    if (!view) return
    view.update?.()
    this.#showBar(view)
  }

  /** @param {View} view */
  #show(view) {
    this.#showBar(view)
    scrollTo(0, 0)
  }

  /** @param {View} view */
  #showBar(view) {
    showChildren(this.#root, view.tab ? [view.element, barFor(this, view.tab, view.action?.())] : [view.element])
  }
}

/**
 * Which view each address shows. Views that are not needed before the first question are fetched when they are.
 * @param {App} app
 * @returns {[RegExp, (params: string[]) => Promise<View>][]}
 */
function routesOf(app) {
  /** @type {[RegExp, (params: string[]) => Promise<View>][]} */
  const routes = [
    [/^\/app\/$/, async () => openHome(app)],
    [/^\/app\/place\/([^/]+)$/, async ([code]) => openPlace(app, code === '-' ? null : code)],
    [/^\/app\/new\/([^/]+)$/, async ([form]) => (await import('./views/new.js')).openNew(app, form)],
    [/^\/app\/fill\/([^/]+)$/, async ([id]) => (await import('./views/fill.js')).openFillView(app, id)],
    [/^\/app\/done\/([^/]+)$/, async ([hash]) => (await import('./views/done.js')).openDone(app, hash)],
    [/^\/app\/doors$/, async () => (await import('./views/doors.js')).openDoors(app)],
    [/^\/app\/door\/([^/]+)$/, async ([id]) => (await import('./views/door.js')).openDoor(app, id)],
    [/^\/app\/responses$/, async () => (await import('./views/responses.js')).openResponses(app)],
    [/^\/app\/settings\/?([^/]*)$/, async ([part]) => (await import('./views/settings.js')).openSettings(app, part)],
    [/^\/app\/help\/?([^/]*)$/, async ([topic]) => (await import('./views/help.js')).openHelp(app, topic)],
    [/^\/app\/practice$/, async () => (await import('./views/practice.js')).openPractice(app)],
    [/^\/app\/install$/, async () => (await import('./views/install.js')).openInstall(app)],
    [/^\/app\/link$/, async () => (await import('./views/link.js')).openLink(app)],
    [/^\/join\/([^/]+)$/, async ([token]) => (await import('./views/join.js')).openJoin(app, token)],
  ]
  return routes.map(([pattern, open]) => [pattern, guarded(app, open)])
}

/**
 * An opener that first asks who it is where that must be known, and whose failure shows a page that says so, never a blank one.
 * @param {App} app
 * @param {(params: string[]) => Promise<View>} open
 * @returns {(params: string[]) => Promise<View>}
 */
function guarded(app, open) {
  return async (params) => {
    try {
      return await (app.isLocked ? (await import('./views/lock.js')).openLock(app) : open(params))
    } catch (error) {
      console.error(error)
      return { element: troublePage('view') }
    }
  }
}
