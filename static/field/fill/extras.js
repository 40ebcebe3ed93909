/** @import { Form, FormMedia, FormNode } from './types.js' */
import { el } from '../dom.js'
import { loadLater } from '../style.js'
import { t } from './later-t.js'
import { loadChoiceLook } from '../widgets/choices.js'
import { icon } from './icon.js'
import { showText } from './marks.js'

/** Appearances that say how a note looks (the health tools' reports), or how wide a question is in Kobo's grid. */
const LOOKS = /^(?:h[1-4]|li|center|underline|red|yellow|green|lime|blue|w[1-3])$/

/** @type {WeakMap<Element, () => void>} */
const waiting = new WeakMap()
const observer = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue
    observer.unobserve(target)
    waiting.get(target)?.()
    waiting.delete(target)
  }
}, { rootMargin: '300px' })

/** The picture, recording and film of a label or a choice. Each is read from the phone once it comes near the screen. */
class MediaBox {
  element = el('span', { class: 'media' })
  #media
  #autoplay
  #isChoice
  #shown = ''

  /**
   * @param {FormMedia} [media]
   * @param {{autoplay?: string, isChoice?: boolean}} [options] `autoplay` is `audio` or `video`; `isChoice`: a tap on the picture chooses
   */
  constructor(media, { autoplay = '', isChoice = false } = {}) {
    this.#media = media
    this.#autoplay = autoplay
    this.#isChoice = isChoice
  }

  /** @param {Record<string, string>} names file names by kind, `''` for none */
  show(names) {
    const { image, audio, video, 'big-image': big } = names
    const key = [image, audio, video, big].join('\n')
    if (key === this.#shown) return
    this.#shown = key
    this.element.replaceChildren(...[
      image && this.#later(image, (url) => this.#picture(url, big || image)),
      audio && this.#later(audio, (url) => this.#player('audio', url)),
      video && this.#later(video, (url) => this.#player('video', url)),
    ].filter((part) => part instanceof Node))
  }

  /**
   * @param {string} name
   * @param {(url: string) => HTMLElement} make
   */
  #later(name, make) {
    const box = el('span', { class: 'media__item' })
    waiting.set(box, async () => {
      const url = (await this.#media?.(name)) ?? ''
      box.replaceChildren(url ? make(url) : el('span', { class: 'soft small' }, t('widget.media_missing', { name })))
    })
    observer.observe(box)
    return box
  }

  /**
   * @param {string} url
   * @param {string} big name of the picture that a tap opens
   */
  #picture(url, big) {
    // The words beside it name it; a screen reader would else say them twice.
    const image = el('img', { class: 'media__image', src: url, alt: '' })
    return this.#isChoice ? image : el('button', { type: 'button', class: 'media__enlarge', 'aria-label': t('widget.enlarge'), onclick: () => this.#enlarge(big) }, image)
  }

  /**
   * @param {'audio'|'video'} kind
   * @param {string} url
   */
  #player(kind, url) {
    return el(kind, { class: 'media__player', src: url, controls: true, preload: 'metadata', playsinline: true, autoplay: this.#autoplay === kind })
  }

  /** Shows a picture in its own size, to be moved under the finger. @param {string} name */
  async #enlarge(name) {
    await loadLater()
    const close = el('button', { type: 'button', class: 'button button--icon media__close', 'aria-label': t('fill.close'), onclick: () => dialog.close() }, icon('close'))
    const dialog = el('dialog', { class: 'sheet media__sheet', 'aria-label': t('widget.enlarge') }, close, el('img', { src: (await this.#media?.(name)) ?? '', alt: '' }))
    dialog.addEventListener('close', () => dialog.remove())
    this.element.append(dialog)
    dialog.showModal()
  }
}

/**
 * Adds what few questions have: the label's pictures and recordings, folded guidance, and looks.
 *
 * @param {object} question
 * @param {Form} question.form
 * @param {FormNode} question.node
 * @param {FormMedia} [question.media]
 * @param {HTMLElement} question.label
 * @param {HTMLElement} question.hint
 * @param {HTMLElement} question.element
 * @returns {Promise<() => void>} what shows them as they are now
 */
export async function addExtras({ form, node, media, label, hint, element }) {
  await loadChoiceLook()
  const { appearance = '', parameters = {} } = node.def
  element.classList.add(...appearance.split(' ').filter((word) => LOOKS.test(word)).map((word) => `look--${word}`))
  const words = el('p')
  const guidance = el('details', { class: 'question__guidance' }, el('summary', {}, t('fill.guidance')), words)
  const box = new MediaBox(media, { autoplay: isAlone(node) ? parameters.autoplay : '' })
  label.parentElement?.after(box.element)
  hint.after(guidance)
  return () => {
    box.show(form.media(node))
    guidance.hidden = !showText(words, form, node, 'guidance')
  }
}

/**
 * Tells whether a question has a page to itself: on a shared one, recordings would play all at once.
 *
 * @param {FormNode} node
 */
function isAlone(node) {
  for (let at = node.parent; at; at = at.parent) if (at.def.appearance?.includes('field-list')) return false
  return true
}

/**
 * Adds a choice's picture, recording and film to its row.
 *
 * @param {HTMLElement} row
 * @param {Record<string, string>} names file names by kind
 * @param {FormMedia} [media]
 */
export async function addMedia(row, names, media) {
  await loadChoiceLook()
  const box = new MediaBox(media, { isChoice: true })
  row.classList.add('option--media')
  row.append(box.element)
  box.show(names)
}
