/** Reads questions aloud with the voices that lie on the phone itself: they need no network, and nobody else hears of it. */

/** @import { Form, FormNode } from './types.js' */
/** @import { PageView } from './page-view.js' */
/** @import { Question } from './question.js' */
import { drawing, el } from '../dom.js'
import { t } from '../i18n/i18n.js'
import { fetchMore } from './more-words.js'

/** Between a question, its hint and each of its choices. */
const PAUSE_MS = 350
/** A little slower than the voices speak by themselves. */
const RATE = 0.9
/** More choices than this are looked for, not listened to. */
const MOST_CHOICES = 15

const SPEAKER = 'M4 9.500v5h3.500L12 18V6L7.500 9.500zM15.500 9a4.500 4.500 0 010 6M18 6.500a8 8 0 010 11'
const SQUARE = 'M7 7h10v10H7z'

/** What reads a page's questions, each at its own button. */
export class Aloud {
  #form
  /** @type {PageView|null} */
  #view = null
  /** Counts readings: what comes late from an earlier one is let be. */
  #turn = 0
  /** @type {HTMLButtonElement|null} the button of what is being read */
  #reading = null
  /** Held here, since a browser may let go of an utterance that nobody holds, and then it never ends. @type {SpeechSynthesisUtterance|null} */
  #utterance = null
  #observer = new MutationObserver(() => this.#offer())
  #ends = new AbortController()

  /** @param {Form} form */
  constructor(form) {
    this.#form = form
    const stopListening = onVoices(() => this.#offer())
    this.#ends.signal.addEventListener('abort', stopListening)
    document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'hidden') this.stop() }, { signal: this.#ends.signal })
  }

  /**
   * Offers to read each question of a page, and ends what is still being read of another.
   *
   * @param {PageView|null} view
   */
  show(view) {
    this.stop()
    this.#view = view
    this.#observer.disconnect()
    if (view) this.#observer.observe(view.element, { childList: true, subtree: true })
    this.#offer()
  }

  stop() {
    this.#turn += 1
    if (this.#reading) dress(this.#reading, false)
    this.#reading = null
    globalThis.speechSynthesis?.cancel()
  }

  /** Stops, and takes the buttons away. */
  end() {
    this.show(null)
    this.#ends.abort()
    for (const button of document.querySelectorAll('.aloud')) button.remove()
  }

  /** Puts a button at each question that has none: questions come later than the page, and again when their widget comes. */
  #offer() {
    if (!voiceFor(this.#form)) return
    for (const { node, question } of this.#view?.questions() ?? []) {
      const label = question.element.querySelector(':scope > .question__label')
      const text = label?.textContent?.trim()
      if (!label || !text) continue
      const present = question.element.querySelector(':scope > .aloud')
      const button = present instanceof HTMLButtonElement ? present : this.#button(node, question)
      if (!present) label.after(button)
      if (button.dataset.text === text) continue
      button.dataset.text = text
      dress(button, button === this.#reading)
    }
  }

  /**
   * @param {FormNode} node
   * @param {Question} question
   */
  #button(node, question) {
    const button = el('button', { type: 'button', class: 'button button--small aloud', onclick: () => {
      const isOn = this.#reading === button
      this.stop()
      if (!isOn) this.#read(button, textsOf(this.#form, node, question.element))
    } })
    return button
  }

  /**
   * @param {HTMLButtonElement} button
   * @param {string[]} texts
   */
  #read(button, texts) {
    const voice = voiceFor(this.#form)
    if (!voice) return
    this.#reading = button
    dress(button, true)
    const turn = this.#turn
    const say = (/** @type {number} */ index) => {
      if (turn !== this.#turn) return
      if (index === texts.length) return this.stop()
      const utterance = new SpeechSynthesisUtterance(texts[index])
      Object.assign(utterance, { voice, lang: voice.lang, rate: RATE })
      utterance.onend = () => setTimeout(say, PAUSE_MS, index + 1)
      utterance.onerror = () => { if (turn === this.#turn) this.stop() }
      this.#utterance = utterance
      speechSynthesis.speak(utterance)
    }
    say(0)
  }
}

/**
 * @param {Form} form
 * @returns {Promise<Aloud>}
 */
export async function openAloud(form) {
  await fetchMore()
  return new Aloud(form)
}

/** Tells whether the phone itself has a voice for the questionnaire's language, as far as is known now. @param {Form} form */
export function hasVoice(form) {
  return voiceFor(form) !== null
}

/**
 * Calls `listener` whenever voices have come or gone. Gives what ends that.
 *
 * @param {() => void} listener
 */
export function onVoices(listener) {
  globalThis.speechSynthesis?.addEventListener('voiceschanged', listener)
  return () => globalThis.speechSynthesis?.removeEventListener('voiceschanged', listener)
}

/**
 * Gives the best voice on the phone for the questionnaire's language.
 *
 * @param {Form} form
 * @returns {SpeechSynthesisVoice|null}
 */
function voiceFor({ languages, language }) {
  const code = languages.find(({ name }) => name === language)?.code || document.documentElement.lang
  const wanted = plainTag(code === 'zh' ? 'zh-CN' : code)
  const [spoken] = wanted.split('-')
  const fitting = (globalThis.speechSynthesis?.getVoices() ?? []).filter(({ localService, lang }) => localService && plainTag(lang).split('-')[0] === spoken)
  return fitting.find(({ lang }) => plainTag(lang) === wanted) ?? fitting.find((voice) => voice.default) ?? fitting[0] ?? null
}

/** Android writes `zh_CN`; the Chinese of Hong Kong is Cantonese, whatever it is called. @param {string} tag */
function plainTag(tag) {
  return tag.toLowerCase().replace('_', '-').replace(/^cmn\b/, 'zh').replace(/^zh-hk/, 'yue-hk')
}

/**
 * Gives what is read of a question, one after another.
 *
 * @param {Form} form
 * @param {FormNode} node
 * @param {HTMLElement} element
 */
function textsOf(form, node, element) {
  const shown = [...element.querySelectorAll(':scope > .question__label, :scope > .question__hint:not([hidden])')].map((part) => part.textContent ?? '')
  const choices = node.def.itemset && !node.isReadonly ? form.choices(node).map(({ label, value }) => label || value) : []
  const answer = node.isReadonly ? [form.display(node)] : []
  return [...shown, ...(choices.length > MOST_CHOICES ? [] : choices), ...answer].map((text) => text.trim()).filter(Boolean)
}

/**
 * @param {HTMLButtonElement} button
 * @param {boolean} isReading
 */
function dress(button, isReading) {
  const words = t(isReading ? 'aloud.stop' : 'aloud.read')
  button.setAttribute('aria-label', t(isReading ? 'aloud.stop_name' : 'aloud.read_name', { question: button.dataset.text ?? '' }))
  button.replaceChildren(drawing(isReading ? SQUARE : SPEAKER, 'aloud'), words)
}
