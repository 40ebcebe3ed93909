/**
 * Labels, hints and messages in the present language, with the form's values filled in.
 */
import { partsOf, textForm } from './textparts.js'
import { toText } from './values.js'

/** @typedef {import('./tree.js').FormNode} FormNode */
/** @typedef {import('./plan.js').TextPart} TextPart */

/** The texts of a form in its present language. */
export class Texts {
  #model
  #valueOf
  /** Name of the present language. */
  language

  /**
   * @param {import('./plan.js').Model} model
   * @param {string} language
   * @param {(expression: string, node: FormNode) => string} valueOf gives the text of an expression at a node
   */
  constructor(model, language, valueOf) {
    this.#model = model
    this.#valueOf = valueOf
    this.language = language
  }

  /**
   * Gives one form of a text with its values; `""` where there is none. A text missing in the present language is
   * given in the default language.
   *
   * @param {string | undefined} key into the model's texts
   * @param {string} form `text`, `guidance`, `image`, `audio`, `video` or `big-image`
   * @param {FormNode} node whose values are filled in
   * @param {(value: string) => string} [quote] what is put in for a value, where the text is read as markup
   */
  text(key, form, node, quote = (value) => value) {
    if (key === undefined) return ''
    const { texts, form: settings } = this.#model
    const found = textForm(texts[this.language]?.[key], form) ?? textForm(texts[settings.default_language]?.[key], form)
    if (found === null) return ''
    if (typeof found === 'string') return found
    return found.map((part) => (typeof part === 'string' ? part : quote(this.#valueOf(part.value, node)))).join('')
  }

  /**
   * Says whether a text holds values of the form.
   *
   * @param {string | undefined} key
   */
  hasValues(key) {
    if (key === undefined) return false
    const { texts, form: settings } = this.#model
    return partsOf(texts[this.language]?.[key] ?? texts[settings.default_language]?.[key] ?? '').length > 0
  }

  /**
   * Gives the file names of a text's media.
   *
   * @param {string | undefined} key
   * @param {FormNode} node
   */
  media(key, node) {
    return {
      image: this.text(key, 'image', node),
      audio: this.text(key, 'audio', node),
      video: this.text(key, 'video', node),
      'big-image': this.text(key, 'big-image', node),
    }
  }

  /** ISO code of the present language; `""` where the form gives none. */
  get code() {
    return this.#model.form.languages.find(({ name }) => name === this.language)?.code ?? ''
  }
}

/**
 * Gives the text of a value in a label: nothing for a number that is none.
 *
 * @param {import('./values.js').Value} value
 */
export function shownValue(value) {
  return typeof value === 'number' && Number.isNaN(value) ? '' : toText(value)
}
