/** @import { Form, FormNode } from './types.js' */
/** @import { FillOptions } from './types.js' */
/** @import { Notice } from './notice.js' */

/** What the volunteer changes in the form, and how it is undone. */
export class Changes {
  #form
  #notice
  #audit
  /** @type {Set<Promise<unknown>>} files that are being read and kept */
  #pending = new Set()

  /**
   * @param {Form} form
   * @param {Notice} notice
   * @param {FillOptions['audit']} audit
   */
  constructor(form, notice, audit) {
    this.#form = form
    this.#notice = notice
    this.#audit = audit
  }

  /**
   * Puts an answer in. One that is taken back with a button, not with the keyboard, can be had again.
   *
   * @param {FormNode} node
   * @param {string} value
   */
  set(node, value) {
    const before = node.value
    this.#form.set(node, value)
    const isCleared = before && !value && node.def.type !== 'binary' && document.activeElement?.tagName === 'BUTTON'
    if (isCleared) import('./undo.js').then(({ offerAnswer }) => offerAnswer(this.#form, this.#notice, node, before))
    else if (value) this.#notice.withdraw(node)
  }

  /**
   * Takes a row out of its repeat, and offers it back.
   *
   * @param {FormNode} row
   */
  async remove(row) {
    const { removeRow } = await import('./undo.js')
    this.#audit?.note('delete repeat', row)
    removeRow(this.#form, this.#notice, row)
  }

  /**
   * Keeps Next and Finish waiting until the work is done.
   *
   * @param {Promise<unknown>} work
   */
  hold(work) {
    this.#pending.add(work)
    work.finally(() => this.#pending.delete(work))
  }

  /** Whether anything is being held. */
  get isPending() {
    return this.#pending.size > 0
  }

  /** Resolves when nothing is held any more. */
  settled() {
    return Promise.allSettled(this.#pending)
  }
}
