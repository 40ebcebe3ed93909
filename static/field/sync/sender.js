/** When to send: after Finish, when a signal returns, when the app is opened or seen again, on a timer, and on the button. */

import { Api, ApiError } from './api.js'
import { pauseAfter } from './backoff.js'
import { pull } from './pull.js'
import { listOutbox } from '../store/outbox.js'
import { readProfile, setDeviceState } from '../store/profile.js'

/** @typedef {import('../store/database.js').Database} Database */
/**
 * @typedef {object} SenderState
 * @property {'idle' | 'sending' | 'no_signal' | 'portal' | 'server_trouble' | 'refused'} phase
 * @property {number} done entries that left the phone in this round
 * @property {number} total entries of this round
 * @property {string[]} sending hashes of the entries now on their way
 * @property {import('./round.js').FileProgress | null} file the one now on its way
 * @property {boolean} isHeld whether files wait for Wi-Fi
 * @property {number} next when the next try begins by itself, 0 where none has to
 * @property {number} failures tries in a row that reached no server
 * @typedef {{isInsistent: boolean, sendsFiles: boolean}} Wish see `send`
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
  #moved
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer
  /** @type {Promise<void> | null} */
  #running = null
  #isWanted = false
  #isInsistent = true
  #sendsFiles = false
  /** Milliseconds that the server's clock is ahead of this phone's, as far as it is known. */
  clockOff = 0

  /** @type {SenderState} */
  state = { phase: 'idle', done: 0, total: 0, sending: [], file: null, isHeld: false, next: 0, failures: 0 }

  /**
   * @param {Database} database
   * @param {typeof fetch} fetch
   * @param {() => void} changed called after every change of `state` or of what the phone holds
   * @param {() => void} moved called while a file goes out: of what the phone holds nothing has changed
   */
  constructor(database, fetch, changed, moved) {
    this.#database = database
    this.#fetch = fetch
    this.#changed = changed
    this.#moved = moved
  }

  /** Attaches the triggers and begins with a round. */
  start() {
    // What is new about the way to the server makes the failures before it say nothing.
    const anew = () => {
      this.state.failures = 0
      this.send()
    }
    addEventListener('online', anew)
    addEventListener('pageshow', anew)
    // Wi-Fi has come, perhaps.
    const network = /** @type {any} */ (navigator)
    network.connection?.addEventListener('change', anew)
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') anew()
    })
    navigator.serviceWorker?.addEventListener('message', (event) => {
      if (event.data?.type === 'send') this.send()
    })
    this.send({ isInsistent: true })
  }

  /**
   * Runs a round now, or another after the one that runs. Resolves when it is over; failures are in `state`, never thrown.
   * @param {{isInsistent?: boolean, sendsFiles?: boolean}} [options] insistent: tries again what failed for its content, and pulls in any
   * case; sendsFiles: photos too, though they were to wait for Wi-Fi
   * @returns {Promise<void>}
   */
  send({ isInsistent = false, sendsFiles = false } = {}) {
    this.#isInsistent ||= isInsistent
    this.#sendsFiles ||= sendsFiles
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
    const wish = { isInsistent: this.#isInsistent, sendsFiles: this.#sendsFiles }
    this.#isInsistent = this.#sendsFiles = false
    try {
      const isOurs = await withLock(() => this.#round(wish))
      this.state.failures = 0
      if (!isOurs) this.#later(OTHER_TAB_MS)
    } catch (error) {
      // An error of the database, say, must not end the retries either.
      const phase = error instanceof ApiError ? phaseOf(error) : 'server_trouble'
      if (phase === 'refused') await setDeviceState(this.#database, 'refused')
      const failures = this.state.failures + 1
      const pause = pauseAfter(failures, Math.random())
      this.#show({ phase, failures, next: Date.now() + pause, sending: [], file: null })
      this.#later(pause)
    }
  }

  /** @param {Wish} wish */
  async #round(wish) {
    const { device, people, world } = await readProfile(this.#database)
    if (!device) return
    let hasRoom = true
    const apiOf = (/** @type {typeof device} */ { token }) => new Api(this.#fetch, token)
    const api = apiOf(device)
    const noRoom = () => {
      hasRoom = false
    }
    const left = await this.#sendOutbox(api, wish, (round) => import('./senders.js').then(({ sendForAll }) => sendForAll({ ...round, noRoom }, device, people, apiOf)))
    const visits = world.hasDesk ? await (await import('./visits.js')).sendVisits(api, this.#database, device.user.id) : 0
    const now = Date.now()
    // Lists and media may be large: what is finished meanwhile goes first.
    const follow = { mayStop: () => this.#isWanted, changed: this.#changed }
    if (wish.isInsistent || left + visits > 0 || !world.cursor || now - world.pulled_at > PULL_AFTER_MS) await pull(api, this.#database, world, now, follow)
    await setDeviceState(this.#database, 'active')
    this.clockOff = api.clockOff ?? this.clockOff
    // Files are tried again later and later, like all else that the server cannot take.
    if (!hasRoom) throw new ApiError('disk_nearly_full', 507)
    this.#show({ phase: 'idle', done: 0, total: 0, sending: [], file: null })
    // A phone's first visit fetches nothing for it; the next round notes the bytes of both.
    if (navigator.serviceWorker?.controller) import('./traffic.js').then(({ noteTraffic }) => noteTraffic(this.#database)).catch(() => {})
  }

  /**
   * Sends what waits, and gives how many left. The code for it comes only when something does: a phone's first question needs none.
   * @param {Api} api
   * @param {Wish} wish
   * @param {(round: Omit<import('./round.js').Round, 'isOurs' | 'noRoom'>) => Promise<number>} sendForAll see senders.js
   */
  async #sendOutbox(api, wish, sendForAll) {
    this.state.isHeld = false
    if ((await listOutbox(this.#database)).length === 0) return 0
    return sendForAll({
      api,
      database: this.#database,
      now: Date.now,
      ...wish,
      mayStop: () => this.#isWanted,
      report: (done, total, sending) => this.#show({ phase: 'sending', done, total, sending, file: null }),
      hold: (isHeld) => {
        this.state.isHeld ||= isHeld
      },
      move: (file) => {
        this.state = { ...this.state, file }
        this.#moved()
      },
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
  if (error.code === 'portal') return 'portal'
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
