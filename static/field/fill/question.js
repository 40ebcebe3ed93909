/** @import { Files, Form, FormMedia, FormNode, Widget, WidgetModule } from './types.js' */
import { el } from '../dom.js'
import { t } from '../i18n/i18n.js'
import { widgetFor } from '../widgets/registry.js'
import { icon } from './icon.js'
import { showText } from './marks.js'
import { problemText } from './problem-text.js'

let questions = 0

/** A question on the page: label, hint, error and widget, tied together for screen readers. */
export class Question {
  /** @type {HTMLElement} */
  element
  #form
  #node
  #context
  #id = `question-${++questions}`
  /** @type {Widget|null} */
  #widget = null
  /** @type {Set<HTMLElement>} */
  #controls = new Set()
  #wantsFocus = false
  #isGone = false
  #hasError = false
  #label = el('span', { class: 'question__text' })
  #hint = el('p', { class: 'question__hint', id: `${this.#id}-hint` })
  /** @type {Promise<() => void>|null} */
  #extras = null
  /** @type {Promise<() => void>|null} */
  #reasons = null
  #errorText = el('span')
  #error = el('p', { class: 'question__error', id: `${this.#id}-error`, hidden: true }, icon('alert'), this.#errorText)

  /**
   * @param {Form} form
   * @param {FormNode} node
   * @param {{files: Files, media?: FormMedia, hold: (work: Promise<unknown>) => void, changed: (node: FormNode, value: string) => void, advance: (node: FormNode) => void}} host
   */
  constructor(form, node, host) {
    this.#form = form
    this.#node = node
    this.#context = {
      form,
      node,
      files: host.files,
      media: host.media,
      hold: host.hold,
      changed: (/** @type {string} */ value) => host.changed(node, value),
      advance: () => host.advance(node),
      register: (/** @type {HTMLElement} */ control) => this.#register(control),
    }
    const found = widgetFor(node)
    if (found instanceof Promise) {
      this.element = el('div', { class: 'question' })
      found.then((module) => this.#build(module), () => { this.element.textContent = t('widget.not_loaded') })
    } else {
      this.element = this.#frame(Boolean(found.isGroup))
      this.#fill(found)
    }
    this.element.id = this.#id
    // A note is read aloud, not answered: it is not set in the bold of a question.
    this.element.classList.toggle('question--note', node.isReadonly)
  }

  /** Shows label, hint and error as they are now, and, unless the change came from this widget, its value and choices. */
  update({ isOwn = false } = {}) {
    const { def, name } = this.#node
    const isNamed = showText(this.#label, this.#form, this.#node, 'label') || def.label || def.appearance === 'label'
    if (!isNamed) this.#label.textContent = name
    this.#hint.hidden = !showText(this.#hint, this.#form, this.#node, 'hint')
    this.#showExtras()
    this.#showReasons()
    this.#label.classList.toggle('question__text--required', this.#node.isRequired)
    this.#describeAll()
    if (!isOwn) this.#widget?.update()
    if (this.#hasError) this.check()
  }

  /**
   * Shows the question's problem, or takes the shown one away.
   *
   * @returns {string} the message, `''` where all is well
   */
  check() {
    const problem = this.#form.problem(this.#node)
    const message = problem ? problemText(problem) : ''
    this.#hasError = message !== ''
    this.#errorText.textContent = message
    this.#error.hidden = !this.#hasError
    this.element.classList.toggle('question--wrong', this.#hasError)
    this.#describeAll()
    return message
  }

  /** Puts the focus into the widget, once it is there. */
  focus() {
    this.#wantsFocus = !this.#widget
    this.#widget?.focus()
  }

  /** Ends what the widget has running. */
  destroy() {
    this.#isGone = true
    this.#widget?.destroy?.()
  }

  /** @param {WidgetModule} module */
  #build(module) {
    if (this.#isGone) return
    const frame = this.#frame(Boolean(module.isGroup))
    frame.id = this.#id
    frame.className = this.element.className
    this.element.replaceWith(frame)
    this.element = frame
    this.#fill(module)
    if (this.#wantsFocus) this.focus()
  }

  /** @param {WidgetModule} module */
  #fill(module) {
    this.#widget = module.create(this.#context)
    this.element.append(this.#widget.element)
    const [control] = this.#controls
    if (!module.isGroup && control) {
      control.id = `${this.#id}-control`
      this.element.querySelector('label')?.setAttribute('for', control.id)
    }
    this.update({ isOwn: true })
  }

  /** Pictures, recordings and guidance, and the looks that an appearance asks of a note: few questions have any. */
  #showExtras() {
    const { form, node, media } = this.#context
    const { appearance = '' } = node.def
    const hasNone = !form.text(node, 'guidance') && !Object.values(form.media(node)).some(Boolean) && !(node.isReadonly ? appearance : /\bw\d/.test(appearance))
    if (!this.#extras && hasNone) return
    this.#extras ??= import('./extras.js').then(({ addExtras }) => addExtras({ form, node, media, label: this.#label, hint: this.#hint, element: this.element }))
    this.#extras.then((show) => show(), () => { this.#extras = null })
  }

  /** Buttons that say why there is no answer, where the form allows it. */
  #showReasons() {
    const { form, node } = this.#context
    if (!node.def.missing) return
    const answer = (/** @type {string} */ value) => {
      this.#context.changed(value)
      this.#widget?.update()
    }
    this.#reasons ??= import('./missing.js').then(({ addReasons }) => addReasons({ form, node, answer, label: this.#label, element: this.element }))
    this.#reasons.then((show) => show(), () => { this.#reasons = null })
  }

  /**
   * A fieldset with a legend names a group of controls without repeating the question at each of them (A86).
   *
   * @param {boolean} isGroup
   */
  #frame(isGroup) {
    const name = el(isGroup ? 'legend' : 'label', { class: 'question__label' }, this.#label)
    return el(isGroup ? 'fieldset' : 'div', { class: 'question', 'aria-describedby': isGroup && `${this.#id}-hint` }, name, this.#hint, this.#error)
  }

  /** @param {HTMLElement} control */
  #register(control) {
    this.#controls.add(control)
    this.#describe(control)
  }

  /** Rows that a search took off the page are let go; a list of 30,000 would gather them. */
  #describeAll() {
    for (const control of this.#controls) {
      if (control.isConnected || !this.element.isConnected) this.#describe(control)
      else this.#controls.delete(control)
    }
  }

  /** @param {HTMLElement} control */
  #describe(control) {
    const isGroup = this.element.tagName === 'FIELDSET'
    const described = [!isGroup && !this.#hint.hidden && this.#hint.id, this.#hasError && this.#error.id].filter(Boolean).join(' ')
    setOrRemove(control, 'aria-describedby', described)
    setOrRemove(control, 'aria-invalid', this.#hasError ? 'true' : '')
    if (control instanceof HTMLInputElement && control.type === 'radio') control.required = this.#node.isRequired
    else if (!isGroup) setOrRemove(control, 'aria-required', this.#node.isRequired ? 'true' : '')
  }
}

/**
 * @param {HTMLElement} element
 * @param {string} name
 * @param {string} value
 */
function setOrRemove(element, name, value) {
  if (value) element.setAttribute(name, value)
  else element.removeAttribute(name)
}
