/** When to send: after Finish, when a signal returns, when the app is opened or seen again, on a timer, and on the button. */

import { Api, ApiError } from './api.js'
import { pauseAfter } from './backoff.js'
import { pull } from './pull.js'
import { listOutbox } from '../store/outbox.js'
import { readProfile, setDeviceState } from '../store/profile.js'

/** @typedef {import('../store/database.js').Database} Database */
/**
 * @typedef {object} SenderState
 * @property {'idle' | 'sending' | 'no_signal' | 'server_trouble' | 'refused'} phase
 * @property {number} done entries that left the phone in this round
 * @property {number} total entries of this round
 * @property {string[]} sending hashes of the entries now on their way
 */

const LOCK = 'collector-send'
/** How old the forms and figures may be before a round asks for them again. */
const PULL_AFTER_MS = 60 * 1000
const OTHER_TAB_MS = 5000

/** Sends what the outbox holds, one round and one tab at a time. */
export class Sender {
  #database
  #fetch
  #changed
  #failures = 0
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer
  /** @type {Promise<void> | null} */
  #running = null
  #isWanted = false
  #isInsistent = true

  /** @type {SenderState} */
  state = { phase: 'idle', done: 0, total: 0, sending: [] }

  /**
   * @param {Database} database
   * @param {typeof fetch} fetch
   * @param {() => void} changed called after every change of `state` or of what the phone holds
   */
  constructor(database, fetch, changed) {
    this.#database = database
    this.#fetch = fetch
    this.#changed = changed
  }

  /** Attaches the triggers and begins with a round. */
  start() {
    addEventListener('online', () => this.send())
    addEventListener('pageshow', () => this.send())
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') this.send()
    })
    navigator.serviceWorker?.addEventListener('message', (event) => {
      if (event.data?.type === 'send') this.send()
    })
    this.send({ isInsistent: true })
  }

  /**
   * Runs a round now, or another after the one that runs. Resolves when it is over; failures are in `state`, never thrown.
   * @param {{isInsistent?: boolean}} [options] insistent: tries again what failed for its content, and pulls in any case
   * @returns {Promise<void>}
   */
  send({ isInsistent = false } = {}) {
    this.#isInsistent ||= isInsistent
    this.#isWanted = true
    this.#running ??= this.#runWhileWanted().finally(() => {
      this.#running = null
    })
    return this.#running
  }

  async #runWhileWanted() {
    clearTimeout(this.#timer)
    while (this.#isWanted) {
      this.#isWanted = false
      await this.#attempt()
    }
  }

  async #attempt() {
    const isInsistent = this.#isInsistent
    this.#isInsistent = false
    try {
      const isOurs = await withLock(() => this.#round(isInsistent))
      this.#failures = 0
      if (!isOurs) this.#later(OTHER_TAB_MS)
    } catch (error) {
      // An error of the database, say, must not end the retries either.
      const phase = error instanceof ApiError ? phaseOf(error) : 'server_trouble'
      if (phase === 'refused') await setDeviceState(this.#database, 'refused')
      this.#failures += 1
      this.#show({ phase, sending: [] })
      this.#later(pauseAfter(this.#failures, Math.random()))
    }
  }

  /** @param {boolean} isInsistent */
  async #round(isInsistent) {
    const { device, world } = await readProfile(this.#database)
    if (!device) return
    const api = new Api(this.#fetch, device.token)
    const left = await this.#sendOutbox(api, isInsistent)
    const now = Date.now()
    // Lists and media may be large: what is finished meanwhile goes first.
    const follow = { mayStop: () => this.#isWanted, changed: this.#changed }
    if (isInsistent || left > 0 || !world.cursor || now - world.pulled_at > PULL_AFTER_MS) await pull(api, this.#database, world, now, follow)
    await setDeviceState(this.#database, 'active')
    this.#show({ phase: 'idle', done: 0, total: 0, sending: [] })
  }

  /**
   * Sends what waits, and gives how many left. The code for it comes only when something does: a phone's first question needs none.
   * @param {Api} api
   * @param {boolean} isInsistent
   */
  async #sendOutbox(api, isInsistent) {
    if ((await listOutbox(this.#database)).length === 0) return 0
    const { sendAll } = await import('./round.js')
    return sendAll({
      api,
      database: this.#database,
      now: Date.now,
      isInsistent,
      report: (done, total, sending) => this.#show({ phase: 'sending', done, total, sending }),
    })
  }

  /** @param {number} pause milliseconds */
  #later(pause) {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.send(), pause)
  }

  /** @param {Partial<SenderState>} changes */
  #show(changes) {
    this.state = { ...this.state, ...changes }
    this.#changed()
  }
}

/** @param {ApiError} error @returns {SenderState['phase']} */
function phaseOf(error) {
  if (error.isRefusal) return 'refused'
  return error.status === 0 || error.code === 'not_an_answer' ? 'no_signal' : 'server_trouble'
}

/**
 * Runs `work` if no other tab sends. Gives whether it ran.
 * @param {() => Promise<void>} work
 * @returns {Promise<boolean>}
 */
async function withLock(work) {
  // Without Web Locks two tabs may send the same document; the server stores it once all the same.
  if (!navigator.locks) {
    await work()
    return true
  }
  return navigator.locks.request(LOCK, { ifAvailable: true }, async (lock) => {
    if (lock) await work()
    return lock !== null
  })
}
