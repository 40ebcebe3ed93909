/** @import { Widget, WidgetContext } from '../fill/types.js' */
import { el } from '../dom.js'
import { icon } from '../fill/icon.js'
import { t } from '../i18n/i18n.js'

/**
 * What image and upload have in common: pickers, the file that is kept, and plain words where the phone is full.
 *
 * A new file is put before the old one goes, so that a failure leaves the answer as it was. Names come from `files.put`,
 * never from the camera: phones that name each picture image.jpg lose none (A22).
 */
export class FileQuestion {
  /** @type {HTMLElement} */
  element
  #context
  #prepare
  #show
  #message = el('p', { class: 'file__message', role: 'status' })
  #preview = el('div', { class: 'file__preview' })
  #remove = el('button', { type: 'button', class: 'button button--quiet button--danger', onclick: () => this.#drop() }, icon('trash'), t('widget.remove'))
  /** @type {HTMLElement[]} */
  #pickers
  #shownName = ''

  /**
   * @param {WidgetContext} context
   * @param {object} options
   * @param {{label: string, icon: 'camera'|'image', accept: string, capture?: string}[]} options.pickers
   * @param {(file: File) => Promise<Blob>} options.prepare gives what is kept of the chosen file; rejects where it cannot be read
   * @param {(blob: Blob, into: HTMLElement) => void} options.show
   */
  constructor(context, { pickers, prepare, show }) {
    this.#context = context
    this.#prepare = prepare
    this.#show = show
    this.#pickers = pickers.map((picker) => this.#picker(picker))
    this.element = el('div', { class: 'file' }, this.#preview, this.#message, el('div', { class: 'file__actions' }, ...this.#pickers, this.#remove))
    this.update()
  }

  /** Shows the file that the node names now. */
  update() {
    const name = this.#context.node.value
    this.#remove.hidden = !name
    if (name === this.#shownName) return
    this.#shownName = name
    this.#preview.replaceChildren()
    if (name) this.#load(name)
  }

  /** Puts the focus on the first picker. */
  focus() {
    this.#pickers[0].querySelector('input')?.focus()
  }

  /** @param {string} name */
  async #load(name) {
    const blob = await this.#context.files.get(name)
    if (this.#shownName !== name) return
    if (blob) this.#show(blob, this.#preview)
    else this.#message.textContent = t('widget.file_missing')
  }

  /** @param {{label: string, icon: 'camera'|'image', accept: string, capture?: string}} picker */
  #picker({ label, icon: drawing, accept, capture }) {
    const input = el('input', { type: 'file', accept, capture, class: 'visually-hidden' })
    this.#context.register(input)
    input.addEventListener('change', () => {
      const file = input.files?.[0]
      // Emptied at once, so that the same picture can be chosen again after it was removed.
      if (file) this.#context.hold(this.#keep(file).finally(() => { input.value = '' }))
    })
    return el('label', { class: 'button file__picker' }, input, icon(drawing), el('span', {}, label))
  }

  /** @param {File} file */
  async #keep(file) {
    const { node, files, changed } = this.#context
    const old = node.value
    this.#message.textContent = t('widget.working')
    try {
      const blob = await this.#prepare(file)
      const name = await files.put(blob, { path: node.path, type: blob.type })
      changed(name)
      this.#message.textContent = ''
      this.update()
      if (old && old !== name) await files.remove(old)
    } catch (error) {
      const isFull = error instanceof Error && error.name === 'QuotaExceededError'
      this.#message.textContent = t(isFull ? 'widget.file_full' : 'widget.file_unreadable')
    }
  }

  async #drop() {
    const { node, files, changed } = this.#context
    const name = node.value
    changed('')
    this.update()
    this.focus()
    if (name) await files.remove(name)
  }
}

/**
 * Gives the widget around a file question, with the object URLs of its previews given back at the end.
 *
 * @param {FileQuestion} question
 * @param {Set<string>} urls
 * @returns {Widget}
 */
export function fileWidget(question, urls) {
  return {
    element: question.element,
    update: () => question.update(),
    focus: () => question.focus(),
    destroy: () => urls.forEach((url) => URL.revokeObjectURL(url)),
  }
}
