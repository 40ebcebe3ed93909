/** Longest time in milliseconds that an answer waits to be saved. */
const WAIT_MS = 250

/**
 * Saves the draft at the first change after a pause, then a moment after each, and at once when the page is hidden or left: a
 * phone that puts a tab away gives no later chance (A13). It holds still while an input method composes (A54), and tries again after a failure.
 */
export class Autosave {
  #save
  #report
  #isDirty = false
  /** Whether a save has begun and not ended: what the page's end would cut off. */
  #isSaving = false
  #isComposing = false
  #isStopped = false
  /** When a save last began. */
  #savedAt = -WAIT_MS
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #timer
  /** @type {Promise<void>} */
  #running = Promise.resolve()
  #listening = new AbortController()

  /**
   * @param {EventTarget} root where composition events come from
   * @param {(isLast: boolean) => Promise<unknown>} save writes the draft as it is now; `isLast`: the page may end with this turn
   * @param {(state: 'saving'|'saved'|'full'|'failed') => void} report
   */
  constructor(root, save, report) {
    this.#save = save
    this.#report = report
    const { signal } = this.#listening
    root.addEventListener('compositionstart', () => { this.#isComposing = true }, { signal })
    root.addEventListener('compositionend', () => {
      this.#isComposing = false
      if (this.#isDirty) this.changed()
    }, { signal })
    document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'hidden') this.flush(true) }, { signal })
    // Before a reload the page has a little time left, in which a save mostly comes to its end.
    for (const type of ['beforeunload', 'pagehide']) addEventListener(type, () => { this.flush(true) }, { signal })
  }

  /** Notes a change. */
  changed() {
    if (this.#isStopped) return
    this.#isDirty = true
    // The last save sets the time: the first change after a pause is saved as soon as its event is over, and somebody who types
    // without one is saved all the same.
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      if (!this.#isComposing) this.flush()
    }, this.#savedAt + WAIT_MS - performance.now())
  }

  /**
   * Saves now what is not saved, and gives the promise that it is done. Never rejects: a failure is reported and the
   * next change, or the next try, saves all.
   *
   * @param {boolean} [isLast] whether the page is being left
   * @returns {Promise<void>}
   */
  flush(isLast = false) {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (!(this.#isDirty || (isLast && this.#isSaving)) || this.#isStopped) return this.#running
    this.#isDirty = false
    this.#isSaving = true
    this.#savedAt = performance.now()
    this.#report('saving')
    // The save begins in this turn, before the browser can put the page away; its order is the store's affair.
    const saving = this.#save(isLast)
    this.#running = Promise.all([this.#running, saving]).then(
      () => {
        this.#isSaving = false
        this.#report('saved')
      },
      (error) => {
        this.#isSaving = false
        this.#report(error instanceof Error && error.name === 'QuotaExceededError' ? 'full' : 'failed')
        this.#isDirty = true
        this.#timer ??= setTimeout(() => { this.flush() }, 20 * WAIT_MS)
      },
    )
    return this.#running
  }

  /** Saves nothing more: the draft is finished or thrown away. Gives the promise that a save under way has ended. */
  stop() {
    this.#isStopped = true
    clearTimeout(this.#timer)
    return this.#running
  }

  /** Takes up saving again after `stop`, because finishing failed. */
  resume() {
    this.#isStopped = false
    this.changed()
  }

  /** Lets go of the page's events. */
  destroy() {
    this.#listening.abort()
    clearTimeout(this.#timer)
  }
}
