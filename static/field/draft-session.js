/** One draft while a tab has it open: saving in order, its files, and finishing. */

import { discardDraft, saveDraft } from './store/draft-saving.js'
import { readFile, removeFile } from './store/files.js'
import { dropLastWords, keepLastWords } from './store/last-words.js'

/** @typedef {import('./store/database.js').Database} Database */
/** @typedef {import('./store/types.js').Draft} Draft */
/** @typedef {{answers: any, position: string, name?: string, audit?: string}} Progress `name`: the response's so far; `audit`: the record of how it was filled in */

const uuid = () => crypto.randomUUID()

/** The draft, and all that may be done with it. */
export class DraftSession {
  #database
  #onSplit
  /** @type {Promise<void> | null} */
  #saving = null
  /** @type {Progress | null} the newest that is not being saved yet */
  #next = null
  #isFinished = false

  /**
   * @param {Database} database
   * @param {Draft} draft
   * @param {(outcome: 'gone' | 'changed') => void} onSplit called when the answers were kept under another id (A01)
   */
  constructor(database, draft, onSplit) {
    this.#database = database
    this.#onSplit = onSplit
    this.draft = draft
  }

  /** Where the fill screen puts files; an entry in the answers is its name here. */
  get files() {
    const database = this.#database
    return {
      put: async (/** @type {Blob} */ blob, /** @type {{path: string, type: string}} */ about) => (await import('./put-file.js')).putFile(database, this.draft, blob, about),
      get: async (/** @type {string} */ name) => (await readFile(database, this.draft.id, name))?.blob ?? null,
      remove: (/** @type {string} */ name) => removeFile(database, this.draft.id, name),
      isAtServer: (/** @type {string} */ name) => this.draft.returned?.files.some((file) => file.name === name),
    }
  }

  /**
   * Saves the answers. Begins in this turn where nothing is being saved, since a page that is put away has no later one; otherwise
   * right after, and only the newest.
   * @param {Progress & {language: string}} progress
   * @param {boolean} [isLast] whether the page is being left
   * @returns {Promise<void>} rejects with the database's error, QuotaExceededError for one
   */
  save(progress, isLast = false) {
    if (isLast && !this.#isFinished && !this.#database.keeper) keepLastWords({ ...this.draft, ...progress, updated_at: Date.now() })
    this.#next = progress
    this.#saving ??= this.#saveNext().finally(() => {
      this.#saving = null
    })
    return this.#saving
  }

  async #saveNext() {
    while (this.#next && !this.#isFinished) {
      const progress = this.#next
      this.#next = null
      const { draft, outcome } = await saveDraft(this.#database, { ...this.draft, ...progress, updated_at: Date.now() }, uuid)
      if (outcome !== 'written') dropLastWords(this.draft.id)
      this.draft = draft
      if (outcome !== 'written') this.#onSplit(outcome)
    }
  }

  /**
   * Keeps the record of how the draft was filled in, up to leaving it. A draft in which nothing was ever answered needs none.
   * @param {string} audit
   */
  async saveAudit(audit) {
    await this.#saving
    const { answers, position, language, rev } = this.draft
    if (rev > 0) await this.save({ answers, position, language, audit })
  }

  /** Removes the draft if nothing was ever answered in it. */
  async dropIfEmpty() {
    await this.#saving
    if (this.draft.rev === 0 && !this.#isFinished) await discardDraft(this.#database, this.draft.id)
  }

  /**
   * Puts the finished response in the outbox.
   * @param {{answers: any, instanceName: string}} result of `form.finish()`
   * @param {{root: string, language: string, device: string}} context names of the form's root and language, id of the device
   * @returns {Promise<string | null>} content hash; null where another tab was first and the answers became a new draft
   */
  async finish(result, context) {
    const { finishAsResponse } = await import('./finish-draft.js')
    await this.#saving
    const { id } = this.draft
    const { hash, draft } = await finishAsResponse(this.#database, this.draft, result, context)
    this.draft = draft
    this.#isFinished = hash !== null
    dropLastWords(id)
    return hash
  }
}
