/** @import { Widget, WidgetContext } from '../fill/types.js' */
import { el } from '../dom.js'
import { icon } from '../fill/icon.js'
import { t } from '../fill/later-t.js'

/** Bytes in a MB, as limits count it. */
const MB = 1024 * 1024
/** The largest file that the server takes (collector/settings.py MAX_FILE_BYTES). */
export const MAX_FILE_BYTES = 32 * MB

/**
 * @typedef {object} Picker
 * @property {string} label
 * @property {string} [again] the label while there is a file
 * @property {'camera'|'image'} icon
 * @property {string} accept
 * @property {string|false} [capture]
 * @property {() => void} [taken] called when it gave a file
 */

/**
 * What image, sound, film and file have in common: pickers, the file that is kept, and plain words where it cannot be.
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
  #follow
  #limitBytes
  #words = el('p', { class: 'file__words' })
  #close = el('button', { type: 'button', class: 'button button--quiet button--icon', 'aria-label': t('fill.close'), onclick: () => this.say('') }, icon('close'))
  #undo = el('button', { type: 'button', class: 'button button--small', onclick: () => this.#restore() }, t('fill.undo'))
  #message = el('div', { class: 'file__message', role: 'status' }, this.#words, this.#undo, this.#close)
  #preview = el('div', { class: 'file__preview' })
  #remove = el('button', { type: 'button', class: 'button button--quiet button--danger', onclick: () => this.#drop() }, icon('trash'), t('widget.remove'))
  #actions
  /** @type {(() => void)[]} sets the words of each picker */
  #names = []
  /** @type {string|null} */
  #shownName = null
  #isGone = false
  /** Name of the file that was taken back and can be had again until the page is left. */
  #dropped = ''
  /** @type {Set<string>} */
  #urls = new Set()

  /**
   * @param {WidgetContext} context
   * @param {object} options
   * @param {Picker[]} options.pickers
   * @param {HTMLElement[]} [options.extras] further buttons, before the pickers
   * @param {HTMLElement|null} [options.before] what is said before all buttons
   * @param {number} [options.limitBytes] what is larger is refused in words that name the limit (A26)
   * @param {(file: Blob) => Promise<Blob>} [options.prepare] gives what is kept of the file; rejects where it cannot be read
   * @param {(blob: Blob, url: string) => HTMLElement} options.show gives what is shown of a kept file
   * @param {(hasFile: boolean) => void} [options.follow] called with whether there is a file, at first and when it changed
   */
  constructor(context, { pickers, extras = [], before = null, limitBytes = MAX_FILE_BYTES, prepare = async (file) => file, show, follow = () => {} }) {
    this.#context = context
    this.#prepare = prepare
    this.#show = show
    this.#follow = follow
    this.#limitBytes = limitBytes
    this.#actions = el('div', { class: 'file__actions' }, ...extras, ...pickers.map((picker) => this.#picker(picker)), this.#remove)
    this.element = el('div', { class: 'file' }, this.#preview, this.#message, before, this.#actions)
    this.say('')
    this.update()
  }

  /** Shows the file that the node names now. */
  update() {
    const name = this.#context.node.value
    this.#remove.hidden = !name
    this.#follow(name !== '')
    for (const set of this.#names) set()
    if (name === this.#shownName) return
    this.#shownName = name
    this.#preview.replaceChildren()
    if (name) this.#load(name)
  }

  /** Puts the focus on the first button or picker. */
  focus() {
    const first = this.#actions.querySelector('input, button:not([hidden])')
    if (first instanceof HTMLElement) first.focus()
  }

  /** Gives back the addresses of the previews, and lets go of a file that was taken back. */
  destroy() {
    this.#isGone = true
    this.#forget()
    for (const url of this.#urls) URL.revokeObjectURL(url)
  }

  /**
   * Shows a message that the volunteer can close, none where it is empty.
   *
   * @param {string} text
   * @param {{isWarning?: boolean}} [kind]
   */
  say(text, { isWarning = true } = {}) {
    this.#message.className = `file__message${text && isWarning ? ' notice notice--warning' : ''}`
    this.#close.hidden = !text || !isWarning
    this.#undo.hidden = true
    this.#words.textContent = text
  }

  /**
   * Keeps a file as the answer. Next and Finish wait until it is kept.
   *
   * @param {Blob} file
   * @returns {Promise<void>}
   */
  keep(file) {
    const work = this.#keep(file)
    this.#context.hold(work)
    return work
  }

  /** @param {string} name */
  async #load(name) {
    const blob = await this.#context.files.get(name)
    // A picture that the form begins with, to be drawn on, lies with the form's media.
    const given = blob || !name.startsWith('jr://') ? '' : await this.#context.media?.(name.slice(name.lastIndexOf('/') + 1))
    if (this.#shownName !== name || this.#isGone) return
    if (!blob && !given && this.#context.files.isAtServer?.(name)) return this.say(t('widget.file_at_server'), { isWarning: false })
    if (!blob && !given) return this.say(t('widget.file_missing'))
    const url = given || URL.createObjectURL(/** @type {Blob} */ (blob))
    if (!given) this.#urls.add(url)
    this.#preview.replaceChildren(this.#show(blob ?? new Blob(), url))
  }

  /** @param {Picker} picker */
  #picker({ label, again = label, icon: drawing, accept, capture, taken }) {
    const input = el('input', { type: 'file', accept, capture, class: 'visually-hidden' })
    this.#context.register(input)
    input.addEventListener('change', () => {
      const file = input.files?.[0]
      // Emptied at once, so that the same picture can be chosen again after it was removed.
      if (!file) return
      taken?.()
      this.keep(file).finally(() => { input.value = '' })
    })
    const words = el('span')
    this.#names.push(() => { words.textContent = this.#context.node.value ? again : label })
    return el('label', { class: 'button file__picker' }, input, icon(drawing), words)
  }

  /** @param {Blob} file */
  async #keep(file) {
    const { node, files, changed } = this.#context
    const old = node.value
    this.say(t('widget.working'), { isWarning: false })
    try {
      const blob = await this.#prepare(file)
      if (blob.size > this.#limitBytes) return this.#refuse(blob)
      const name = await files.put(blob, { path: node.path, type: blob.type })
      changed(name)
      this.say('')
      this.update()
      this.#forget()
      if (old && old !== name) await files.remove(old)
    } catch (error) {
      const isFull = error instanceof Error && error.name === 'QuotaExceededError'
      if (isFull || file.size <= this.#limitBytes) this.say(t(isFull ? 'widget.file_full' : 'widget.file_unreadable'))
      else this.#refuse(file)
    }
  }

  /** @param {Blob} file */
  #refuse(file) {
    this.say(t('widget.file_large', { size: (file.size / MB).toFixed(1), limit: this.#limitBytes / MB }))
  }

  #drop() {
    this.#forget()
    this.#dropped = this.#context.node.value
    this.#context.changed('')
    this.update()
    this.say(t('fill.cleared'))
    this.#undo.hidden = false
    this.#undo.focus()
  }

  #restore() {
    this.#context.changed(this.#dropped)
    this.#dropped = ''
    this.say('')
    this.update()
    this.focus()
  }

  #forget() {
    // One that cannot be deleted now goes when the response is finished.
    if (this.#dropped) this.#context.files.remove(this.#dropped).catch(() => {})
    this.#dropped = ''
  }
}

/**
 * Gives the widget around a file question.
 *
 * @param {FileQuestion} question
 * @returns {Widget}
 */
export function fileWidget(question) {
  return {
    element: question.element,
    update: () => question.update(),
    focus: () => question.focus(),
    destroy: () => question.destroy(),
  }
}
