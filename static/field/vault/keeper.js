/** Seals and opens the entries of one volunteer while their PIN is entered: before a transaction or after it, never inside. */

import { openJson, openRecord, sealJson, sealRecord } from './seal.js'

/** @typedef {import('../store/database.js').Database} Database */
/** @typedef {import('../store/types.js').Draft} Draft */
/** @typedef {import('../store/types.js').Door} Door */
/** @typedef {import('../store/types.js').OutboxEntry} OutboxEntry */
/** @typedef {import('../store/types.js').SentEntry} SentEntry */
/** @typedef {import('../store/types.js').FileEntry} FileEntry */
/** @typedef {import('../store/types.js').Summary} Summary */
/** @typedef {Draft | Door | OutboxEntry | SentEntry | FileEntry} Entry */

/** The one who can read what `user` keeps on this phone. */
export class Keeper {
  #database
  #key
  #madeAt
  /** What lists show of an entry that lies sealed, by the entry. @type {Map<string, Record<string, any>>} */
  #words = new Map()

  /**
   * @param {Database} database
   * @param {import('../store/types.js').Vault} vault
   * @param {CryptoKey} key the volunteer's
   */
  constructor(database, vault, key) {
    this.#database = database
    this.#key = key
    this.#madeAt = vault.made_at
    this.user = vault.user
  }

  /**
   * The entry with what it says sealed. Entries of others, and all while the PIN is being taken away, stay as they are.
   * @template {Entry} T
   * @param {T} entry
   * @returns {Promise<T>}
   */
  async seal(entry) {
    if (('sealed' in entry && entry.sealed) || !(await this.#isOwn(authorOf(entry)))) return entry
    return /** @type {any} */ (this.#seal(/** @type {any} */ (entry)))
  }

  /** @param {any} entry */
  async #seal(entry) {
    if ('blob' in entry) {
      const { blob, ...rest } = entry
      return { ...rest, sealed: new Blob([await sealRecord(this.#key, `file ${this.user}`, await blob.arrayBuffer())]) }
    }
    if ('answers' in entry) {
      const { answers, position, name, audit, reason, ...rest } = entry
      return { ...rest, sealed: await this.#json('draft', { answers, position, name, audit, reason }) }
    }
    if ('label' in entry) {
      const { label, note, list_key, ...rest } = entry
      return { ...rest, sealed: await this.#json('door', { label, note, list_key }) }
    }
    const { document, ...rest } = entry
    const sealed = { ...rest, summary: await this.#sealSummary(entry.summary) }
    return document === undefined ? sealed : { ...sealed, sealed: await this.#json('document', { document }) }
  }

  /** @param {Summary} summary @returns {Promise<Summary>} */
  async #sealSummary(summary) {
    return summary.sealed ? summary : { ...summary, name: '', sealed: await this.#json('name', { name: summary.name }) }
  }

  /**
   * The entry as it was before it was sealed. Rejects where the record is not this key's.
   * @template {Entry | undefined} T
   * @param {T} entry
   * @returns {Promise<T>}
   */
  async open(entry) {
    if (!entry || authorOf(entry) !== this.user) return entry
    return /** @type {any} */ (this.#open(/** @type {any} */ (entry)))
  }

  /** @param {any} entry */
  async #open({ sealed, ...rest }) {
    const opened = rest.summary ? { ...rest, summary: await this.#openSummary(rest.summary) } : rest
    if (!sealed) return opened
    if ('sha256' in rest) return { ...rest, blob: new Blob([await openRecord(this.#key, `file ${this.user}`, new Uint8Array(await sealed.arrayBuffer()))], { type: rest.type }) }
    return { ...opened, ...(await openJson(this.#key, `${rest.summary ? 'document' : 'attempts' in rest ? 'door' : 'draft'} ${this.user}`, sealed)) }
  }

  /** @param {Summary} summary @returns {Promise<Summary>} */
  async #openSummary({ sealed, ...summary }) {
    return sealed ? { ...summary, ...(await openJson(this.#key, `name ${this.user}`, sealed)) } : summary
  }

  /**
   * Entries for lists: their names opened, and the words of doors; all else as it lies.
   * @template {Record<string, (Draft | Door | OutboxEntry | SentEntry)[]>} T
   * @param {T} lists
   * @returns {Promise<T>}
   */
  async shown(lists) {
    const opened = Object.entries(lists).map(async ([name, list]) => [name, await Promise.all(list.map((entry) => this.#shown(entry)))])
    return Object.fromEntries(await Promise.all(opened))
  }

  /** @param {any} entry */
  async #shown(entry) {
    const id = entry.hash ?? `${entry.id}@${entry.rev}`
    if (!(entry.summary ?? entry).sealed || authorOf(entry) !== this.user) return entry
    if (!this.#words.has(id)) this.#words.set(id, await this.#wordsOf(entry))
    const words = this.#words.get(id)
    return entry.summary ? { ...entry, summary: { ...entry.summary, ...words } } : { ...entry, ...words }
  }

  /** @param {any} entry @returns {Promise<Record<string, any>>} '' where it cannot be read: one bad record must not empty the list, nor be written over */
  async #wordsOf(entry) {
    const isDoor = 'attempts' in entry
    try {
      const { name = '', reason, label, note, list_key } = await (entry.summary ? this.#openSummary(entry.summary) : this.#open(entry))
      return isDoor ? { label, note, list_key, sealed: undefined } : { name, reason }
    } catch {
      return isDoor ? { label: '', note: '' } : { name: '' }
    }
  }

  /** Answers of the last response to a questionnaire. @param {string} author @param {any} answers */
  async sealAnswers(author, answers) {
    return (await this.#isOwn(author)) && !isSealed(answers) ? { sealed: await this.#json('last-saved', answers) } : answers
  }

  /** @param {string} author @param {any} kept @returns {Promise<any>} */
  async openAnswers(author, kept) {
    return author === this.user && isSealed(kept) ? openJson(this.#key, `last-saved ${author}`, kept.sealed) : kept
  }

  /** @param {string} purpose @param {any} value */
  #json(purpose, value) {
    return sealJson(this.#key, `${purpose} ${this.user}`, value)
  }

  /** Whether what `author` writes is to be sealed with this key: another tab may have taken the PIN away, or set one anew. @param {string | undefined} author */
  async #isOwn(author) {
    if (author !== this.user) return false
    const vault = await this.#database.read(['profile'], (transaction) => transaction.get('profile', `vault ${this.user}`))
    return vault?.made_at === this.#madeAt && !vault.is_leaving
  }
}

/** @param {Entry} entry */
export function authorOf(entry) {
  return 'summary' in entry ? entry.summary.author : entry.author
}

/** Whether the answers of a last response lie sealed; a question may be called `sealed` too. @param {any} kept */
export function isSealed(kept) {
  return kept?.sealed instanceof Uint8Array
}
