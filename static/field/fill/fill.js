/** @import { FillOptions, FormNode, Page } from './types.js' */
import { display } from '../display.js'
import { el } from '../dom.js'
import { t } from '../i18n/i18n.js'
import { withLater } from '../style.js'
import { warmUp } from '../widgets/registry.js'
import { Autosave } from './autosave.js'
import { BottomBar, TopBar } from './bars.js'
import { Changes } from './changes.js'
import { setDirection } from './direction.js'
import { Notice } from './notice.js'
import { PageView, placeName } from './page-view.js'
import { REVIEW, Route } from './route.js'

/** So long after a page is shown, what the next ones need is fetched. */
const WARM_UP_MS = 1000

/**
 * Opens the screen in which a questionnaire is filled in.
 *
 * `back` is for the phone's Back button: true where it was used up inside the form, false on the first page (A14).
 * `flush` saves at once what is not saved yet.
 *
 * @param {HTMLElement} root emptied by `destroy`
 * @param {FillOptions} options
 * @returns {{back: () => boolean, destroy: () => void, flush: () => Promise<void>}}
 */
export function openFill(root, options) {
  const fill = new Fill(root, options)
  return { back: () => fill.back(), destroy: () => fill.destroy(), flush: () => fill.flush() }
}

class Fill {
  #form
  #options
  /** What shows the form whole, null where it is shown page by page. */
  #scroll
  #route
  #changes
  #autosave
  #top
  #bottom
  #unsubscribe
  /** @type {PageView|null} */
  #view = null
  /** Ends the drawing of what comes near the screen. */
  #stopDrawing = () => {}
  /** Whether the way leads from fault to fault, after Finish found some. */
  #isFixing = false
  #isBusy = false
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #warmUp
  #notice = new Notice()
  /** @type {import('./aloud.js').Aloud|null} what reads the page aloud, where that is wanted */
  #aloud = null
  #main = el('main', { class: 'fill__main' })
  #element

  /**
   * @param {HTMLElement} root
   * @param {FillOptions} options
   */
  constructor(root, options) {
    const { form } = options
    this.#form = form
    this.#options = options
    this.#scroll = options.scroll ?? null
    this.#route = this.#makeRoute()
    this.#changes = new Changes(form, this.#notice, options.audit)
    this.#top = new TopBar({
      title: form.model.form.title,
      languages: form.languages,
      language: form.language,
      setLanguage: (name) => this.#setLanguage(name),
      leave: () => this.#leave(),
      showAll: () => this.#showAll(),
      showMore: () => this.#showMore(),
    })
    this.#bottom = new BottomBar({ back: () => { if (!this.back()) this.#leave() }, next: () => this.#forward() })
    this.#element = el('div', { class: 'fill' }, this.#top.element, this.#main, this.#bottom.element, this.#notice.live)
    this.#top.element.append(this.#notice.element)
    root.replaceChildren(this.#element)
    this.#autosave = new Autosave(this.#element, (isLast) => options.save({ answers: form.answers(), position: this.#position() }, isLast), (state) => this.#top.showSaved(state))
    this.#unsubscribe = form.onChange((nodes) => this.#follow(nodes))
    addEventListener('resize', this.#keepInView)
    this.#open(options.position ?? '', true)
    if (display().voice) this.#followVoice()
    if (options.notice) this.#notice.warn(options.notice)
  }

  /** The keyboard takes the lower half of the screen when it opens: the field that it types into stays between the bars. */
  #keepInView = () => {
    const field = document.activeElement
    if (field?.matches('input, textarea') && this.#main.contains(field)) field.scrollIntoView({ block: 'nearest' })
  }

  /** @returns {boolean} */
  back() {
    const dialog = document.querySelector('dialog[open]')
    if (dialog instanceof HTMLDialogElement) {
      dialog.close()
      return true
    }
    const page = this.#route.before(this.#view?.page ?? null)
    if (!page) return false
    this.#isFixing = false
    this.#show(page)
    return true
  }

  /** @returns {Promise<void>} */
  flush() {
    return this.#autosave.flush()
  }

  destroy() {
    this.#unsubscribe()
    removeEventListener('resize', this.#keepInView)
    this.#autosave.flush()
    this.#autosave.destroy()
    clearTimeout(this.#warmUp)
    this.#stopDrawing()
    this.#aloud?.end()
    this.#view?.destroy()
    this.#element.remove()
  }

  async #leave() {
    await this.#autosave.flush()
    this.#options.leave()
  }

  #makeRoute() {
    const { wholePage } = this.#scroll ?? {}
    return new Route(this.#form, () => (wholePage ? [wholePage(this.#form)] : this.#form.pages()))
  }

  /**
   * Shows the page at a position, the first one where there is none.
   *
   * @param {string} position
   * @param {boolean} [isFirst]
   */
  #open(position, isFirst) {
    const node = this.#form.find(position)
    const page = this.#route.at(position) ?? (node && this.#route.pageOf(node)) ?? this.#route.pages[0]
    this.#show(position === REVIEW || !page ? null : page, { isFirst })
    if (this.#scroll && node) this.#view?.reveal(node)
  }

  /** The page by its path, or the question where the form is shown whole: ids last only as long as the form is open. */
  #position() {
    if (!this.#view) return REVIEW
    return (this.#scroll?.nodeInView(this.#view) ?? this.#view.page.node).path
  }

  /**
   * Puts a page on the screen, or the review where it is null.
   *
   * @param {Page|null} page
   * @param {{isFirst?: boolean}} [how] `isFirst`: nothing to save and no focus to move
   */
  #show(page, { isFirst = false } = {}) {
    this.#view?.destroy()
    this.#stopDrawing()
    this.#view = page && this.#makeView(page)
    const element = this.#view?.element ?? this.#review()
    setDirection(element, this.#form)
    this.#main.replaceChildren(element)
    this.#aloud?.show(this.#view)
    const isLast = this.#scroll || (this.#isFixing && !this.#form.problems().length)
    this.#bottom.show(!page ? 'finish' : isLast ? 'check' : 'next', !this.#route.before(page))
    this.#showPlace()
    this.#showNotice()
    this.#options.audit?.show(page)
    clearTimeout(this.#warmUp)
    this.#warmUp = setTimeout(() => this.#fetchNext(), WARM_UP_MS)
    if (isFirst) return
    this.#element.scrollIntoView({ block: 'start' })
    element.focus({ preventScroll: true })
    this.#autosave.changed()
  }

  /**
   * @param {Page} page
   * @returns {PageView}
   */
  #makeView(page) {
    this.#route.visit(page)
    const near = this.#scroll?.drawNear()
    this.#stopDrawing = near?.stop ?? (() => {})
    return new PageView({
      form: this.#form,
      files: this.#options.files,
      media: this.#options.media,
      defer: near?.defer,
      set: (node, value) => this.#changes.set(node, value),
      hold: (work) => this.#changes.hold(work),
      advance: () => this.#forward(),
      add: (repeat) => this.#addRow(repeat),
      remove: (row) => this.#changes.remove(row),
      move: (row, by) => this.#form.moveRow(row, by),
      open: (row) => this.#show(this.#route.firstIn(row) ?? page),
    }, page, placeName(this.#route.indexOf(page), this.#route.pages.length))
  }

  /** The screen after the last page. */
  #review() {
    const element = el('section', { class: 'fill-page review', tabindex: -1, 'aria-label': t('fill.review') })
    withLater(import('./review-view.js')).then(({ fillReview }) => fillReview(element, this.#form, { go: (node) => this.#goTo(node), showAll: () => this.#showAll() }))
    return element
  }

  #fetchNext() {
    const from = this.#view ? this.#route.indexOf(this.#view.page) + 1 : 0
    const soon = this.#route.pages.slice(from, from + 3).flatMap((page) => page.nodes)
    warmUp(soon)
    if (soon.some(({ kind }) => kind === 'repeat')) withLater(import('./repeat.js'))
    import('./review-view.js')
    import('./finish.js')
  }

  /** @param {Set<FormNode>} nodes */
  #follow(nodes) {
    this.#route.refresh()
    if (this.#view) {
      this.#view.update(nodes, this.#route.find(this.#view.page.id) ?? this.#view.page)
      this.#showPlace()
    }
    // What was said of an error is gone with it.
    if (!this.#hasErrors) this.#notice.live.textContent = ''
    if (this.#isFixing) this.#showNotice()
    this.#autosave.changed()
  }

  get #hasErrors() {
    return Boolean(this.#view?.element.querySelector('.question--wrong'))
  }

  #showPlace() {
    if (this.#scroll && this.#view) {
      const { done, total } = this.#scroll.progressOf(this.#form, this.#view.page)
      return this.#top.showPlace(`${done} / ${total}`, done, total)
    }
    const total = this.#route.pages.length
    const index = this.#view ? this.#route.indexOf(this.#view.page) : total
    this.#top.showPlace(`${Math.min(index + 1, total)} / ${total}`, index, total)
  }

  /** The strip above the page that counts what is left to put right. */
  #showNotice() {
    const count = this.#isFixing && this.#view ? this.#form.problems().length : 0
    if (count) this.#notice.warn(t('fill.problems', { count }))
    else this.#notice.hide()
  }

  /** Next, or Finish on the review. */
  async #forward() {
    if (this.#changes.isPending) await this.#changes.settled()
    if (!this.#view) return this.#finish()
    const [fault] = this.#view.check()
    if (fault) {
      this.#options.audit?.note('constraint error', fault.node)
      this.#isFixing ||= this.#scroll !== null
      this.#showNotice()
      this.#view.focus(fault.node)
      return this.#notice.say(fault.message)
    }
    if (!this.#isFixing) {
      this.#show(this.#route.after(this.#view.page))
      return this.#view?.startTyping()
    }
    const [next] = this.#form.problems()
    this.#isFixing = Boolean(next)
    if (next) this.#goTo(next.node)
    else this.#show(null)
  }

  /**
   * Shows the page of a node, with the node in focus and its problem, if it has one.
   *
   * @param {FormNode} node
   */
  #goTo(node) {
    const page = this.#route.pageOf(node)
    if (!page) return
    // Who comes from the end to change an answer goes back there.
    this.#isFixing ||= !this.#view
    if (this.#view?.page.id !== page.id) this.#show(page)
    this.#showNotice()
    if (this.#form.problem(node)) this.#view?.check()
    this.#view?.focus(node)
  }

  async #finish() {
    const problems = this.#form.problems()
    if (problems.length) {
      this.#isFixing = true
      this.#options.audit?.note('constraint error', problems[0].node)
      this.#goTo(problems[0].node)
      return this.#notice.say(t('fill.problems', { count: problems.length }))
    }
    if (this.#isBusy) return
    this.#isBusy = true
    try {
      const { finishResponse } = await import('./finish.js')
      await finishResponse({ form: this.#form, autosave: this.#autosave, bottom: this.#bottom, notice: this.#notice, finish: this.#options.finish })
    } finally {
      this.#isBusy = false
    }
  }

  /** @param {string} name */
  #setLanguage(name) {
    const hasErrors = this.#hasErrors
    const position = this.#position()
    this.#form.setLanguage(name)
    this.#route.refresh()
    // The focus stays on the choice of the language, and the page where it was scrolled to.
    this.#open(position, true)
    this.#autosave.changed()
    if (hasErrors) this.#view?.check()
  }

  async #showAll() {
    const { openOverview } = await withLater(import('./overview.js'))
    const isScrolling = this.#scroll !== null
    this.#options.audit?.note('jump')
    const dialog = openOverview(this.#form, this.#route, {
      present: this.#view && (isScrolling ? this.#scroll?.nodeInView(this.#view) : this.#view.page.nodes[0]) || null,
      isScrolling,
      go: (node) => this.#goTo(node),
      toReview: () => this.#show(null),
      switchLayout: () => this.#switchLayout(),
    })
    setDirection(dialog, this.#form)
    this.#element.append(dialog)
    dialog.showModal()
  }

  async #showMore() {
    const { openMore } = await import('./more.js')
    await openMore(this.#element, { form: this.#form, view: this.#view, ways: this.#options.ways?.() ?? {}, followVoice: () => this.#followVoice() })
  }

  /** Lets the page be read aloud, or no longer. */
  async #followVoice() {
    this.#aloud?.end()
    this.#aloud = null
    if (!display().voice) return
    const { openAloud } = await import('./aloud.js')
    const aloud = await openAloud(this.#form)
    if (!this.#element.isConnected) return aloud.end()
    this.#aloud = aloud
    aloud.show(this.#view)
  }

  /** From page by page to the whole form or back, at the same question. */
  async #switchLayout() {
    const position = this.#position()
    this.#scroll = this.#scroll ? null : await import('./scroll.js')
    this.#options.keepLayout?.(this.#scroll ? 'scroll' : 'pages')
    this.#route = this.#makeRoute()
    this.#open(position)
  }

  /** @param {FormNode} repeat */
  #addRow(repeat) {
    const row = this.#form.addRow(repeat)
    const first = this.#route.firstIn(row)
    if (first) this.#show(first)
    else this.#view?.focus(row)
  }
}
