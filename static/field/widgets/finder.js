import { el } from '../dom.js'
import { t } from '../i18n/i18n.js'
import { accuraciesOf, followPosition, joinPoint } from './position.js'

/** Looks for where the phone is, says how it goes, and offers what it has found so far. */
export class Finder {
  #accuracies
  #listener
  /** @type {GeolocationCoordinates|null} */
  #best = null
  /** @type {(() => void)|null} */
  #stop = null
  #status = el('p', { class: 'geo__status', role: 'status' })
  #take = el('button', { type: 'button', class: 'button button--primary button--block', hidden: true, onclick: () => this.#accept() })
  element = el('div', { class: 'geo__finder' }, this.#status, this.#take)

  /**
   * @param {{parameters?: Record<string, string>}} def of the question, whose accuracies it keeps to
   * @param {{found: (point: string) => void, changed: () => void}} listener `changed`: the search began or ended
   */
  constructor(def, listener) {
    this.#accuracies = accuraciesOf(def)
    this.#listener = listener
  }

  /** Whether it is looking. */
  get isOn() {
    return this.#stop !== null
  }

  /** Looks for one point: as accurate as the form asks for, or the best so far when the volunteer takes it (A39). */
  find() {
    const { good, poor } = this.#accuracies
    this.#follow((coords) => {
      const best = this.#best && this.#best.accuracy < coords.accuracy ? this.#best : coords
      this.#best = best
      if (best.accuracy <= good) return this.#accept()
      const metres = Math.ceil(best.accuracy)
      const isPoor = best.accuracy >= poor
      this.#say(t(isPoor ? 'widget.geo_poor' : 'widget.geo_weak', { metres, threshold: good }), isPoor)
      this.#take.textContent = t('widget.geo_take', { metres })
      this.#take.hidden = false
    })
  }

  /**
   * Gives each point on the way that is not poor.
   *
   * @param {(point: string) => void} pass
   */
  walk(pass) {
    this.#follow((coords) => {
      const isPoor = coords.accuracy >= this.#accuracies.poor
      this.#say(t(isPoor ? 'widget.geo_poor' : 'widget.line_status', { metres: Math.ceil(coords.accuracy) }), isPoor)
      if (!isPoor) pass(joinPoint(coords))
    })
  }

  /**
   * Stops looking.
   *
   * @param {string} [text] why nothing was found
   */
  end(text = '') {
    this.#stop?.()
    this.#stop = null
    this.#best = null
    this.#take.hidden = true
    this.#say(text, text !== '')
    this.#listener.changed()
  }

  /** @param {(coords: GeolocationCoordinates) => void} found */
  #follow(found) {
    this.#say(t('widget.geo_wait'), false)
    this.#stop = followPosition({ found, failed: (key) => this.end(t(key)) })
    this.#listener.changed()
  }

  #accept() {
    const point = this.#best && joinPoint(this.#best)
    this.end()
    if (point) this.#listener.found(point)
  }

  /**
   * @param {string} text
   * @param {boolean} isWarning
   */
  #say(text, isWarning) {
    this.#status.className = `geo__status${isWarning ? ' notice notice--warning' : ''}`
    this.#status.textContent = text
  }
}
