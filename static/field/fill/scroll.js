/** The whole form as one page that scrolls: only what is near the screen is drawn, boxes keep the places of the rest. */

/** @import { Form, FormNode, Page } from './types.js' */
/** @import { Defer, PageView } from './page-view.js' */
import { Deferred } from './deferred.js'
import { isShown, pageItems } from './layout.js'

/** So many parts are drawn at once, so that the first question is there with the page. */
const FIRST_PARTS = 6

/** So long in each frame parts are drawn, in milliseconds: the finger goes on scrolling meanwhile. */
const FRAME_MS = 8

/** How far above and below the screen parts are drawn, in screens. */
const NEAR = '100% 0px'

/** What ends above this line lies under the bar, or nearly so. */
const READING_LINE_PX = 100

/**
 * Gives the page that holds everything.
 *
 * @param {Form} form
 * @returns {Page}
 */
export function wholePage({ root }) {
  return { id: root.id, node: root, nodes: shownIn(root) }
}

/**
 * Gives the function that puts off the drawing of parts, and the one that ends it.
 *
 * @returns {{defer: Defer, stop: () => void}}
 */
export function drawNear() {
  /** @type {WeakMap<Element, Deferred>} */
  const waiting = new WeakMap()
  /** @type {Set<Element>} boxes that are near the screen now; one that is scrolled past is let be */
  const due = new Set()
  let isDrawing = false
  const drawSome = () => {
    const end = performance.now() + FRAME_MS
    for (const box of due) {
      due.delete(box)
      observer.unobserve(box)
      waiting.get(box)?.draw()
      if (performance.now() > end) break
    }
    isDrawing = due.size > 0
    if (isDrawing) requestAnimationFrame(drawSome)
  }
  const observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) due.add(target)
      else due.delete(target)
    }
    if (!isDrawing) drawSome()
  }, { rootMargin: NEAR })
  let count = 0
  /** @type {Defer} */
  const defer = (item, make) => {
    count += 1
    if (count <= FIRST_PARTS) return make()
    const part = new Deferred(make)
    if (item.depth) part.element.classList.add('is-in-row')
    waiting.set(part.element, part)
    observer.observe(part.element)
    return part
  }
  const stop = () => {
    observer.disconnect()
    due.clear()
  }
  return { defer, stop }
}

/**
 * Gives the question that is being answered or read: the one that was touched last, as long as it is on the screen, else
 * the one at the top of the screen.
 *
 * @param {PageView} view
 * @returns {FormNode|null}
 */
export function nodeInView(view) {
  const onScreen = view.questions().filter(({ question }) => {
    const { top, bottom } = question.element.getBoundingClientRect()
    return bottom > READING_LINE_PX && top < innerHeight
  })
  const touched = onScreen.find(({ node }) => node === view.touched)
  return (touched ?? onScreen[0])?.node ?? null
}

/**
 * Counts the questions, and those of them that are answered.
 *
 * @param {Form} form
 * @param {Page} page the whole
 * @returns {{done: number, total: number}}
 */
export function progressOf(form, page) {
  const questions = pageItems(form, page).filter(({ kind, node }) => kind === 'question' && !node.isReadonly)
  return { done: questions.filter(({ node }) => node.value !== '' || node.missing).length, total: questions.length }
}

/**
 * @param {FormNode} parent
 * @returns {FormNode[]}
 */
function shownIn(parent) {
  return parent.children.flatMap((node) => {
    if (!node.isRelevant) return []
    if (node.kind === 'group') return shownIn(node)
    return node.kind === 'repeat' || isShown(node) ? [node] : []
  })
}
