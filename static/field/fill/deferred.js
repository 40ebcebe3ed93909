/** @import { Part } from './page-view.js' */
import { el } from '../dom.js'
import { t } from '../i18n/i18n.js'

/** Classes that say where a part stands: they go over from the box to the part. */
const STANDING = ['is-in-row', 'is-new']

/** A part of a page that is drawn later: an empty box keeps its place until then. */
export class Deferred {
  /** @type {Part|null} */
  #part = null
  #box = el('div', { class: 'deferred' })
  #make

  /** @param {() => Part|null} make draws the part; null where it cannot be drawn yet */
  constructor(make) {
    this.#make = make
  }

  /** The part, or the box in its place. */
  get element() {
    return this.#part?.element ?? this.#box
  }

  /** The part, null until it is drawn. */
  get part() {
    return this.#part
  }

  /** Draws the part, if it is not there yet. */
  draw() {
    this.#part ??= this.#make()
    if (!this.#part || !this.#box.parentNode) return
    for (const name of STANDING) if (this.#box.classList.contains(name)) this.#part.element.classList.add(name)
    this.#box.replaceWith(this.#part.element)
  }

  /** Says in the part's place that it cannot be shown. */
  fail() {
    this.#box.textContent = t('widget.not_loaded')
  }

  /** @param {{isOwn: boolean}} [options] */
  update(options) {
    this.#part?.update(options)
  }

  destroy() {
    this.#part?.destroy?.()
  }
}

/**
 * Gives a part whose module is fetched first.
 *
 * @template M
 * @param {Promise<M>} module
 * @param {(module: M) => Part} make
 * @returns {Deferred}
 */
export function partOf(module, make) {
  /** @type {M|null} */
  let loaded = null
  const part = new Deferred(() => loaded && make(loaded))
  module.then(
    (it) => {
      loaded = it
      part.draw()
    },
    () => part.fail(),
  )
  return part
}
