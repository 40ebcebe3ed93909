/** A thin wrapper of IndexedDB: promises, strict durability for writing, and a connection that comes back after the browser closed it. */

/** @typedef {import('./schema.js').StoreName} StoreName */

/**
 * The result of one request.
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
function result(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

/** The stores of one transaction. Its promises must be awaited one after another, with nothing else between them. */
export class Transaction {
  /** @param {IDBTransaction} transaction */
  constructor(transaction) {
    this.raw = transaction
  }

  /** @param {StoreName} store @param {IDBValidKey} key @returns {Promise<any>} the entry, or undefined */
  get(store, key) {
    return result(this.raw.objectStore(store).get(key))
  }

  /** @param {StoreName} store @param {IDBKeyRange} [range] @returns {Promise<any[]>} every entry, in the order of their keys */
  all(store, range) {
    return result(this.raw.objectStore(store).getAll(range))
  }

  /** @param {StoreName} store @param {IDBKeyRange} range @returns {Promise<IDBValidKey[]>} */
  keys(store, range) {
    return result(this.raw.objectStore(store).getAllKeys(range))
  }

  /** @param {StoreName} store @param {string} index @param {IDBValidKey} key @returns {Promise<any[]>} */
  allBy(store, index, key) {
    return result(this.raw.objectStore(store).index(index).getAll(key))
  }

  /** @param {StoreName} store @returns {Promise<number>} */
  count(store) {
    return result(this.raw.objectStore(store).count())
  }

  /** @param {StoreName} store @param {any} entry @param {IDBValidKey} [key] for stores whose entries do not hold their key */
  put(store, entry, key) {
    return result(this.raw.objectStore(store).put(entry, key))
  }

  /** @param {StoreName} store @param {IDBValidKey | IDBKeyRange} key */
  delete(store, key) {
    return result(this.raw.objectStore(store).delete(key))
  }
}

/** One named database. `open` first; afterwards `read` and `write` reopen it by themselves. */
export class Database {
  #name
  #steps
  #onBlocked
  /** @type {IDBDatabase | null} */
  #connection = null
  /** What seals the present volunteer's entries; null where they have no PIN, or it was not entered. @type {import('../vault/keeper.js').Keeper | null} */
  keeper = null

  /**
   * @param {string} name
   * @param {((database: IDBDatabase, transaction: IDBTransaction) => void)[]} steps one a version, see schema.js
   * @param {() => void} [onBlocked] called while another tab holds an older version open
   */
  constructor(name, steps, onBlocked = () => {}) {
    this.#name = name
    this.#steps = steps
    this.#onBlocked = onBlocked
  }

  /** Opens the database, bringing it to the newest version. Rejects where the browser keeps nothing (A19). @returns {Promise<IDBDatabase>} */
  open() {
    return new Promise((resolve, reject) => {
      const request = indexedDB.open(this.#name, this.#steps.length)
      request.onupgradeneeded = (event) => {
        for (const step of this.#steps.slice(event.oldVersion)) step(request.result, /** @type {IDBTransaction} */ (request.transaction))
      }
      request.onblocked = this.#onBlocked
      request.onerror = () => reject(request.error)
      request.onsuccess = () => {
        this.#keep(request.result)
        resolve(request.result)
      }
    })
  }

  /** @param {IDBDatabase} connection */
  #keep(connection) {
    this.#connection = connection
    const forget = () => {
      if (this.#connection === connection) this.#connection = null
    }
    // The browser may close it behind our back, as iOS does in the background (A05).
    connection.onclose = forget
    // A newer page wants to upgrade: make way; the next use opens it again.
    connection.onversionchange = () => {
      connection.close()
      forget()
    }
  }

  /**
   * Reads from `stores` in one transaction.
   * @template T
   * @param {StoreName[]} stores
   * @param {(transaction: Transaction) => Promise<T>} work
   * @returns {Promise<T>}
   */
  read(stores, work) {
    return this.#run(stores, 'readonly', work)
  }

  /**
   * Writes to `stores` in one transaction: all of it is on the disk when the promise resolves, or none of it.
   * @template T
   * @param {StoreName[]} stores
   * @param {(transaction: Transaction) => Promise<T>} work
   * @returns {Promise<T>}
   */
  write(stores, work) {
    return this.#run(stores, 'readwrite', work)
  }

  /**
   * Writes what can be had again, without waiting for the disk: a power cut may take it.
   * @template T
   * @param {StoreName[]} stores
   * @param {(transaction: Transaction) => Promise<T>} work
   * @returns {Promise<T>}
   */
  cache(stores, work) {
    return this.#run(stores, 'readwrite', work, 'relaxed')
  }

  /**
   * @template T
   * @param {StoreName[]} stores
   * @param {IDBTransactionMode} mode
   * @param {(transaction: Transaction) => Promise<T>} work
   * @param {'strict' | 'relaxed'} [durability] of what is written
   * @returns {Promise<T>}
   */
  async #run(stores, mode, work, durability = 'strict') {
    try {
      return await this.#attempt(stores, mode, work, durability)
    } catch (error) {
      if (!(error instanceof DOMException && error.name === 'InvalidStateError')) throw error
      // The connection was closed under us: nothing was written, so the same work may run once more on a new one.
      this.#connection = null
      return this.#attempt(stores, mode, work, durability)
    }
  }

  /**
   * @template T
   * @param {StoreName[]} stores
   * @param {IDBTransactionMode} mode
   * @param {(transaction: Transaction) => Promise<T>} work
   * @param {'strict' | 'relaxed'} durability
   * @returns {Promise<T>}
   */
  async #attempt(stores, mode, work, durability) {
    const connection = this.#connection ?? (await this.open())
    const raw = connection.transaction(stores, mode, { durability })
    const done = new Promise((resolve, reject) => {
      raw.oncomplete = () => resolve(undefined)
      raw.onabort = () => reject(raw.error ?? new DOMException('The transaction was given up.', 'AbortError'))
    })
    done.catch(() => {}) // It is awaited below; until then a failure of `work` comes first.
    try {
      const value = await work(new Transaction(raw))
      await done
      return value
    } catch (error) {
      try {
        raw.abort()
      } catch {
        // It is over already.
      }
      throw error
    }
  }
}
