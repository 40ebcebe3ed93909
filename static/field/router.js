/** Which view an address shows, and what the phone's Back button does (A14). */

/**
 * @typedef {object} View
 * @property {HTMLElement} element
 * @property {() => HTMLElement | null} [action] the page's one great button, which stands above the bar
 * @property {string} [tab] which of the bar's buttons is the present one; none: no bar
 * @property {Promise<void>} [ready] what the view still waits for: nothing that can wait should take the network from it
 * @property {() => void} [update] called when what the phone holds has changed
 * @property {boolean} [holdsBack] whether Back is the view's own: it goes through `back`
 * @property {() => Promise<boolean>} [back] handles Back; false: leave the view
 * @property {() => void | Promise<void>} [close] called before the view goes
 */
/** @typedef {(params: string[]) => Promise<View>} Opener */

/** Shows views by address. A view that holds Back gets an extra entry in the history, which Back removes and we put in again. */
export class Router {
  #routes
  #show
  /** @type {View | null} */
  view = null
  /** Counts openings: a view that comes after a later one was asked for is dropped. */
  #turn = 0
  /** @type {(() => void) | null} */
  #afterPop = null

  /**
   * @param {[RegExp, Opener][]} routes
   * @param {(view: View) => void} show puts the view on the screen
   */
  constructor(routes, show) {
    this.#routes = routes
    this.#show = show
  }

  /** Shows the present address's view, and listens from then on. */
  start() {
    addEventListener('popstate', () => this.#popped())
    document.addEventListener('click', (event) => this.#clicked(event))
    return this.#open()
  }

  /** Goes to `path`. @param {string} path @param {{replace?: boolean}} [options] */
  async go(path, { replace = false } = {}) {
    if (this.view?.holdsBack && history.state?.guard) return this.#leaveGuard(() => this.#move(path, true))
    return this.#move(path, replace)
  }

  /** Leaves a view that holds Back, to where the volunteer came from. @param {string} fallback where there is no such place */
  leave(fallback) {
    return this.#leaveGuard(() => {
      // The step back that follows is ours, not the volunteer's: it must not be asked about again.
      if (this.view) this.view.holdsBack = false
      if ((history.state?.depth ?? 0) > 0) history.back()
      else this.#move(fallback, true)
    })
  }

  /** Puts another view in the place of the present one, under the same address. @param {View} view */
  replaceView(view) {
    this.#turn += 1
    this.#put(view)
  }

  /** Changes the address of the view that is shown. @param {string} path */
  rename(path) {
    history.replaceState(history.state, '', path)
  }

  /** @param {string} path @param {boolean} replace @returns {Promise<void>} */
  #move(path, replace) {
    const depth = history.state?.depth ?? 0
    if (replace) history.replaceState({ depth }, '', path)
    else history.pushState({ depth: depth + 1 }, '', path)
    return this.#open()
  }

  /** Steps back over the extra entry, then does `next`. @param {() => void} next */
  #leaveGuard(next) {
    if (!history.state?.guard) return next()
    this.#afterPop = next
    history.back()
  }

  #guard() {
    if (!history.state?.guard) history.pushState({ depth: history.state?.depth ?? 0, guard: true }, '')
  }

  async #popped() {
    const next = this.#afterPop
    this.#afterPop = null
    if (next) return next()
    const { view } = this
    if (!view?.holdsBack || !view.back) return this.#open()
    // The extra entry goes in again before anything is asked, so that a second Back cannot slip through.
    this.#guard()
    if (!(await view.back())) this.leave('/app/')
  }

  /** @returns {Promise<void>} */
  async #open() {
    const turn = ++this.#turn
    await this.view?.close?.()
    const path = location.pathname
    const found = this.#routes.find(([pattern]) => pattern.test(path))
    if (!found) return this.#move('/app/', true)
    const params = (found[0].exec(path) ?? []).slice(1).map(decodeURIComponent)
    const view = await found[1](params)
    if (turn !== this.#turn) return void (await view.close?.())
    this.#put(view)
  }

  /** @param {View} view */
  #put(view) {
    this.view = view
    this.#show(view)
    if (view.holdsBack) this.#guard()
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const link = event.target instanceof Element ? event.target.closest('a') : null
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || link.target || link.hasAttribute('download')) return
    if (link.origin !== location.origin || !link.pathname.startsWith('/app/')) return
    event.preventDefault()
    this.go(link.pathname)
  }
}
