/**
 * Drives what an earlier release's phone sends with (`pack.py`) against a real server: `node phone.mjs FOLDER URL TOKEN USER`.
 *
 * A line of JSON in, a line of JSON out. Only what a browser has and Node has not stands in for it here: the store, a request that can be
 * watched, the page's address. All calls, their bodies and how their answers are read are the earlier release's own code.
 */

import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'

const [folder, base, token, user] = process.argv.slice(2)
const module = (/** @type {string} */ path) => import(pathToFileURL(`${folder}/${path}`).href)

/** What each store's entries are found by; `profile` is told the key. @type {Record<string, (entry: any) => any>} */
const KEYS = { outbox: ({ hash }) => hash, sent: ({ hash }) => hash, models: ({ hash }) => hash, drafts: ({ id }) => id, doors: ({ id }) => id, files: ({ response, name }) => [response, name] }

/** The phone's store, in memory, with the calls of the phone's own wrapper of IndexedDB. */
class MemoryDatabase {
  keeper = null
  /** @type {Record<string, Map<string, any>>} */
  stores = Object.fromEntries([...Object.keys(KEYS), 'profile'].map((name) => [name, new Map()]))

  transaction = {
    get: async (/** @type {string} */ store, /** @type {any} */ key) => structuredClone(this.stores[store].get(JSON.stringify(key))),
    all: async (/** @type {string} */ store, /** @type {{lower: string, upper: string} | undefined} */ range) => {
      const entries = [...this.stores[store]].sort(([one], [other]) => (one < other ? -1 : 1))
      return structuredClone(entries.filter(([key]) => !range || (JSON.parse(key) >= range.lower && JSON.parse(key) <= range.upper)).map(([, entry]) => entry))
    },
    allBy: async (/** @type {string} */ store, /** @type {string} */ index, /** @type {any} */ key) =>
      structuredClone([...this.stores[store].values()].filter((entry) => entry[index] === key)),
    put: async (/** @type {string} */ store, /** @type {any} */ entry, /** @type {any} */ key) => {
      this.stores[store].set(JSON.stringify(key ?? KEYS[store](entry)), structuredClone(entry))
    },
    delete: async (/** @type {string} */ store, /** @type {any} */ key) => this.stores[store].delete(JSON.stringify(key)),
  }

  run = (/** @type {string[]} */ _stores, /** @type {(transaction: any) => Promise<any>} */ work) => work(this.transaction)
  read = this.run
  write = this.run
  cache = this.run
}

/** As much of XMLHttpRequest as sending a piece of a file takes. */
class WatchedRequest {
  /** @type {any} */
  upload = {}
  /** @type {Record<string, string>} */
  headers = {}
  status = 0
  responseText = ''
  /** @type {Headers} */
  answered = new Headers()

  open(/** @type {string} */ method, /** @type {string} */ path) {
    Object.assign(this, { method, path })
  }

  setRequestHeader(/** @type {string} */ name, /** @type {string} */ value) {
    this.headers[name] = value
  }

  getResponseHeader(/** @type {string} */ name) {
    return this.answered.get(name)
  }

  async send(/** @type {ArrayBuffer} */ body) {
    const self = /** @type {any} */ (this)
    try {
      const answer = await call(self.path, { method: self.method, headers: self.headers, body })
      self.upload.onload?.()
      self.status = answer.status
      self.answered = answer.headers
      self.responseText = await answer.text()
      self.onload()
    } catch {
      self.onerror()
    }
  }
}

/** @param {string} path @param {RequestInit} [options] */
const call = (path, options) => fetch(new URL(path, base), { ...options, cache: undefined, credentials: undefined })

Object.assign(globalThis, { XMLHttpRequest: WatchedRequest, document: { baseURI: `${base}/app/` }, IDBKeyRange: { bound: (/** @type {string} */ lower, /** @type {string} */ upper) => ({ lower, upper }) } })
if (!('navigator' in globalThis)) Object.assign(globalThis, { navigator: {} })
const { CompressionStream: packed } = globalThis

const { Api } = await module('sync/api.js')
const { sendAll } = await module('sync/round.js')
const { pull } = await module('sync/pull.js')
const visits = existsSync(`${folder}/sync/visits.js`) ? await module('sync/visits.js') : null

const api = new Api(call, token)
const database = new MemoryDatabase()
await database.transaction.put('profile', user, 'present')
await database.transaction.put('profile', { user: { id: user }, state: 'ok' }, `device ${user}`)
const NOTHING_YET = { cursor: '', forms: [], places: [], mine: [], progress: [], notices: [], pulled_at: 0, user }

/** @type {Record<string, (given: any) => Promise<any>>} */
const COMMANDS = {
  /** Asks the server what there is, and gives what the phone keeps of it. */
  async pull() {
    const before = (await database.transaction.get('profile', `world ${user}`)) ?? NOTHING_YET
    await pull(api, database, before, Date.now(), { mayStop: () => false, changed: () => {} })
    return database.transaction.get('profile', `world ${user}`)
  },

  /** Puts a finished response into the outbox, with files of so many bytes. */
  async finish({ entry, files }) {
    for (const { content, ...file } of files) {
      await database.transaction.put('files', { ...file, blob: new Blob([Buffer.from(content, 'base64')]), offset: 0, url: '', done: false })
    }
    await database.transaction.put('outbox', { status: 'waiting', tries: 0, error: '', receipt: null, author: user, ...entry })
  },

  /** A round of sending. `isPacked`: whether the browser can pack what it sends. */
  async send({ isPacked }) {
    Object.assign(globalThis, { CompressionStream: isPacked ? packed : undefined })
    if (!isPacked) Reflect.deleteProperty(globalThis, 'CompressionStream')
    const quiet = () => {}
    const round = { api, database, isOurs: () => true, now: Date.now, isInsistent: false, sendsFiles: true, mayStop: () => false, report: quiet, hold: quiet, move: quiet }
    return sendAll(round)
  },

  /** Notes what happened at each door, and sends it. */
  async visit({ outcome }) {
    for (const door of await database.transaction.all('doors')) {
      const visit = { id: crypto.randomUUID(), at: Date.now(), outcome, call_at: null, response: null }
      await database.transaction.put('doors', { ...door, visits: [visit] })
    }
    return visits?.sendVisits(api, database, user)
  },

  /** All entries of a store. */
  kept: ({ store }) => database.transaction.all(store),
}

for await (const line of createInterface({ input: process.stdin })) {
  const { command, ...given } = JSON.parse(line)
  const answer = await COMMANDS[command](given).then(
    (value) => ({ value: value ?? null }),
    (error) => ({ error: error.code ?? String(error.stack) }),
  )
  console.log(JSON.stringify(answer))
}
