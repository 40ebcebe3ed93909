/** @import { Files, FinishResult, Form, FormNode, Page } from './types.js' */
import { ask, el } from '../dom.js'
import { t } from '../i18n/i18n.js'
import { warmUp } from '../widgets/registry.js'
import { Autosave } from './autosave.js'
import { BottomBar, TopBar } from './bars.js'
import { icon } from './icon.js'
import { rowTitle } from './layout.js'
import { PageView, placeName } from './page-view.js'
import { REVIEW, Route } from './route.js'

/** Languages that are written from right to left. */
const RIGHT_TO_LEFT = new Set(['ar', 'dv', 'fa', 'he', 'ps', 'ug', 'ur'])

/** So long after a page is shown, what the next ones need is fetched. */
const WARM_UP_MS = 1000

/**
 * What the fill screen is given.
 *
 * @typedef {object} FillOptions
 * @property {Form} form
 * @property {Files} files
 * @property {string} [position] the page, as an earlier `save` named it
 * @property {(draft: {answers: object, position: string}) => Promise<unknown>} save
 * @property {(result: FinishResult) => Promise<unknown>} finish called when nothing is wrong any more
 * @property {() => void} leave the volunteer wants out; the draft stays
 */

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
  #route
  #autosave
  #top
  #bottom
  #unsubscribe
  /** @type {PageView|null} */
  #view = null
  /** Whether the way leads from fault to fault, after Finish found some. */
  #isFixing = false
  #isBusy = false
  /** @type {Set<Promise<unknown>>} files that are being read and kept: nothing is checked or finished before they are */
  #pending = new Set()
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #warmUp
  #live = el('p', { class: 'visually-hidden', role: 'alert' })
  #notice = el('div', { class: 'fill__notice', hidden: true })
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
    this.#route = new Route(form)
    this.#top = new TopBar({
      languages: form.languages,
      language: form.language,
      setLanguage: (name) => this.#setLanguage(name),
      leave: () => this.#leave(),
      showAll: () => this.#showAll(),
    })
    this.#bottom = new BottomBar({ back: () => { if (!this.back()) this.#leave() }, next: () => this.#forward() })
    this.#element = el('div', { class: 'fill' }, this.#top.element, this.#main, this.#bottom.element, this.#live)
    this.#top.element.append(this.#notice)
    root.replaceChildren(this.#element)
    this.#autosave = new Autosave(this.#element, () => options.save({ answers: form.answers(), position: this.#position() }), (state) => this.#top.showSaved(state))
    this.#unsubscribe = form.onChange((nodes) => this.#follow(nodes))
    addEventListener('resize', this.#keepInView)
    const page = this.#route.at(options.position ?? '') ?? this.#route.pages[0]
    this.#show(options.position === REVIEW || !page ? null : page, { isFirst: true })
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
    this.#view?.destroy()
    this.#element.remove()
  }

  async #leave() {
    await this.#autosave.flush()
    this.#options.leave()
  }

  /** The page by its path: ids last only as long as the form is open. */
  #position() {
    return this.#view ? this.#view.page.node.path : REVIEW
  }

  /**
   * Puts a page on the screen, or the review where it is null.
   *
   * @param {Page|null} page
   * @param {{isFirst?: boolean}} [how] `isFirst`: nothing to save and no focus to move
   */
  #show(page, { isFirst = false } = {}) {
    this.#view?.destroy()
    this.#view = null
    if (page) {
      this.#route.visit(page)
      const index = this.#route.indexOf(page)
      this.#view = new PageView({
        form: this.#form,
        files: this.#options.files,
        set: (node, value) => this.#form.set(node, value),
        hold: (work) => this.#hold(work),
        advance: () => this.#forward(),
        add: (repeat) => this.#addRow(repeat),
        remove: (row) => this.#removeRow(row),
        open: (row) => this.#show(this.#route.firstIn(row) ?? page),
      }, page, placeName(index, this.#route.pages.length))
    }
    const element = this.#view?.element ?? this.#review()
    this.#setDirection(element)
    this.#main.replaceChildren(element)
    this.#bottom.show(!page, !this.#route.before(page))
    this.#showPlace()
    this.#showNotice()
    clearTimeout(this.#warmUp)
    this.#warmUp = setTimeout(() => this.#fetchNext(), WARM_UP_MS)
    if (isFirst) return
    this.#element.scrollIntoView({ block: 'start' })
    element.focus({ preventScroll: true })
    this.#autosave.changed()
  }

  /** The screen after the last page. */
  #review() {
    const element = el('section', { class: 'fill-page review', tabindex: -1, 'aria-label': t('fill.review') })
    import('./review-view.js').then(({ fillReview }) => fillReview(element, this.#form, { go: (node) => this.#goTo(node), showAll: () => this.#showAll() }))
    return element
  }

  #fetchNext() {
    const from = this.#view ? this.#route.indexOf(this.#view.page) + 1 : 0
    warmUp(this.#form, this.#route.pages.slice(from, from + 3).flatMap((page) => page.nodes))
    import('./review-view.js')
    import('./row-undo.js')
  }

  /** @param {Promise<unknown>} work */
  #hold(work) {
    this.#pending.add(work)
    work.finally(() => this.#pending.delete(work))
  }

  /** @param {Set<FormNode>} nodes */
  #follow(nodes) {
    this.#route.refresh()
    if (this.#view) {
      this.#view.update(nodes, this.#route.find(this.#view.page.id) ?? this.#view.page)
      this.#showPlace()
    }
    if (this.#isFixing) this.#showNotice()
    this.#autosave.changed()
  }

  #showPlace() {
    const total = this.#route.pages.length
    const index = this.#view ? this.#route.indexOf(this.#view.page) : total
    this.#top.showPlace(`${Math.min(index + 1, total)} / ${total}`, index, total)
  }

  /** The strip above the page that counts what is left to put right. */
  #showNotice() {
    const count = this.#isFixing ? this.#form.problems().length : 0
    this.#notice.hidden = !count || !this.#view
    if (count) this.#notice.replaceChildren(icon('alert'), t('fill.problems', { count }))
  }

  /** Next, or Finish on the review. */
  async #forward() {
    if (this.#pending.size) await Promise.allSettled(this.#pending)
    if (!this.#view) return this.#finish()
    const [fault] = this.#view.check()
    if (fault) {
      this.#view.focus(fault.node)
      return this.#announce(fault.message)
    }
    if (!this.#isFixing) return this.#show(this.#route.after(this.#view.page))
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
    this.#show(page)
    if (this.#form.problem(node)) this.#view?.check()
    this.#view?.focus(node)
  }

  async #finish() {
    if (this.#isBusy) return
    const problems = this.#form.problems()
    if (problems.length) {
      this.#isFixing = true
      this.#goTo(problems[0].node)
      return this.#announce(t('fill.problems', { count: problems.length }))
    }
    const result = this.#form.finish()
    if (result.dropped > 0 && !(await ask({ title: t('fill.finish'), text: t('fill.dropped', { count: result.dropped }), yes: t('fill.finish'), no: t('fill.cancel') }))) return
    this.#isBusy = true
    this.#bottom.setBusy(true)
    // A save that came after would bring the draft back from the dead.
    await this.#autosave.stop()
    try {
      await this.#options.finish(result)
    } catch (error) {
      this.#autosave.resume()
      this.#bottom.setBusy(false)
      this.#bottom.show(true, false)
      const isFull = error instanceof Error && error.name === 'QuotaExceededError'
      this.#notice.replaceChildren(icon('alert'), t(isFull ? 'fill.save.full' : 'fill.finish_failed'))
      this.#notice.hidden = false
    } finally {
      this.#isBusy = false
    }
  }

  /** @param {string} name */
  #setLanguage(name) {
    const hasErrors = this.#view?.element.querySelector('.question--wrong')
    this.#form.setLanguage(name)
    this.#route.refresh()
    this.#show(this.#view ? this.#route.find(this.#view.page.id) ?? this.#view.page : null)
    if (hasErrors) this.#view?.check()
  }

  /** @param {HTMLElement} element */
  #setDirection(element) {
    const code = this.#form.languages.find(({ name }) => name === this.#form.language)?.code ?? ''
    if (code) element.lang = code
    element.dir = RIGHT_TO_LEFT.has(code.split('-')[0]) ? 'rtl' : 'ltr'
  }

  async #showAll() {
    const { openOverview } = await import('./overview.js')
    const dialog = openOverview(this.#form, this.#route, { go: (node) => this.#goTo(node), toReview: () => this.#show(null) })
    this.#setDirection(dialog)
    this.#element.append(dialog)
    dialog.showModal()
  }

  /** @param {FormNode} repeat */
  #addRow(repeat) {
    const row = this.#form.addRow(repeat)
    const first = this.#route.firstIn(row)
    if (first) return this.#show(first)
    const question = this.#view?.questions().find(({ node }) => isUnder(node, row))
    if (question) this.#view?.focus(question.node)
  }

  /** @param {FormNode} row */
  async #removeRow(row) {
    const { takeRow } = await import('./row-undo.js')
    const title = rowTitle(this.#form, row)
    const undo = takeRow(this.#form, row)
    const words = t('fill.row.removed', { title })
    const button = el('button', { type: 'button', class: 'button button--small', onclick: () => {
      undo()
      this.#notice.hidden = true
    } }, t('fill.undo'))
    this.#notice.replaceChildren(el('span', {}, words), button)
    this.#notice.hidden = false
    this.#announce(words)
  }

  /**
   * Says something to a screen reader, also when it is the same as before.
   *
   * @param {string} text
   */
  #announce(text) {
    this.#live.textContent = ''
    setTimeout(() => { this.#live.textContent = text }, 50)
  }
}

/**
 * @param {FormNode} node
 * @param {FormNode} ancestor
 */
function isUnder(node, ancestor) {
  for (let at = node.parent; at; at = at.parent) if (at === ancestor) return true
  return false
}
