import { el } from '../dom.js'
import { icon } from './icon.js'

/** The strip above the page, for what is to be put right and what can be undone; and what is only said to a screen reader. */
export class Notice {
  element = el('div', { class: 'fill__notice', hidden: true })
  live = el('p', { class: 'visually-hidden', role: 'alert' })
  /** @type {unknown} what the undoing on offer is of */
  #offered = null

  /** @param {string} text */
  warn(text) {
    this.show(null, icon('alert'), text)
  }

  /**
   * @param {unknown} of what the content offers to undo; null: it offers nothing
   * @param {...(Node|string)} content
   */
  show(of, ...content) {
    this.#offered = of
    this.element.replaceChildren(...content)
    this.element.hidden = false
  }

  /**
   * Takes back the offer to undo something, since it is past.
   *
   * @param {unknown} of
   */
  withdraw(of) {
    if (this.#offered === of) this.hide()
  }

  hide() {
    this.#offered = null
    this.element.hidden = true
  }

  /**
   * Says something to a screen reader, also when it is the same as before.
   *
   * @param {string} text
   */
  say(text) {
    this.live.textContent = ''
    setTimeout(() => { this.live.textContent = text }, 50)
  }
}
