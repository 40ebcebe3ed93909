/** @import { Form, FormNode, Page } from './types.js' */
import { isRowList } from './layout.js'

/** Page id of the screen after the last page, where the response is looked over and finished. */
export const REVIEW = '#review'

/**
 * The way through the pages. Pages come one after another, but a repeat whose rows the volunteer adds is a hub: from
 * its list each row is gone through and comes back to the list, where the next one is added, and Next on the list
 * leads past all rows. Rows that nobody has looked at and that lack an answer are gone through first.
 */
export class Route {
  #form
  #read
  /** @type {Page[]} */
  #pages = []
  /** @type {Set<FormNode>} */
  #visited = new Set()
  /** Where the shown page stood: it may be gone once its own answer makes it irrelevant. */
  #at = 0

  /**
   * @param {Form} form
   * @param {() => Page[]} read gives the pages as they are now
   */
  constructor(form, read) {
    this.#form = form
    this.#read = read
    this.refresh()
  }

  /** @returns {Page[]} */
  get pages() {
    return this.#pages
  }

  /** Reads the form's pages again, after a change. */
  refresh() {
    this.#pages = this.#read()
  }

  /**
   * Gives the page with this id, if it is there now.
   *
   * @param {string} id
   * @returns {Page|undefined}
   */
  find(id) {
    return this.#pages.find((page) => page.id === id)
  }

  /**
   * Gives the page whose node is at this path now, if there is one: how a reopened draft finds its page.
   *
   * @param {string} path
   * @returns {Page|undefined}
   */
  at(path) {
    return this.#pages.find((page) => page.node.path === path)
  }

  /**
   * Gives the page's present index, -1 where it is gone.
   *
   * @param {Page} page
   * @returns {number}
   */
  indexOf(page) {
    return this.#pages.findIndex(({ id }) => id === page.id)
  }

  /**
   * Gives the page that shows a node, or null.
   *
   * @param {FormNode} node
   * @returns {Page|null}
   */
  pageOf(node) {
    for (let at = /** @type {FormNode|null} */ (node); at; at = at.parent) {
      const page = this.#pages.find(({ nodes }) => nodes.includes(/** @type {FormNode} */ (at)))
      if (page) return page
    }
    return null
  }

  /**
   * Notes that a page was shown, and with it the rows that it lies in.
   *
   * @param {Page} page
   */
  visit(page) {
    this.#at = this.indexOf(page)
    for (let at = /** @type {FormNode|null} */ (page.nodes[0] ?? page.node); at; at = at.parent) if (at.kind === 'row') this.#visited.add(at)
  }

  /**
   * Gives the page after this one, or null where the review comes next.
   *
   * @param {Page} page
   * @returns {Page|null}
   */
  after(page) {
    const at = this.indexOf(page)
    if (at < 0) return this.#pages[this.#at] ?? null
    const repeat = hubOf(page)
    const fresh = repeat?.children.find((row) => !this.#visited.has(row) && this.#lacks(row))
    const inside = fresh && this.firstIn(fresh)
    if (inside) return inside
    const next = this.#pages.slice(at + 1).find((later) => !repeat || !isWithin(later, repeat)) ?? null
    // Out of a row the way leads to the list of its rows; rows that the form counts have none.
    for (let row = rowOf(page); row && !(next && isWithin(next, row)); row = rowAbove(row)) {
      const hub = this.#hubFor(/** @type {FormNode} */ (row.parent))
      if (hub) return hub
    }
    return next
  }

  /**
   * Gives the page before this one, or null on the first. `page` null asks from the review.
   *
   * @param {Page|null} page
   * @returns {Page|null}
   */
  before(page) {
    const now = page ? this.indexOf(page) : this.#pages.length
    const at = now < 0 ? this.#at : now
    const previous = this.#pages[at - 1] ?? null
    // Out of rows that this page does not lie in: their list, the outermost one's.
    let hub = null
    for (let row = previous && rowOf(previous); row && !(page && isWithin(page, row)); row = rowAbove(row)) hub = this.#hubFor(/** @type {FormNode} */ (row.parent)) ?? hub
    return hub ?? previous
  }

  /**
   * Gives the first page inside a row, or null where it has none.
   *
   * @param {FormNode} row
   * @returns {Page|null}
   */
  firstIn(row) {
    return this.#pages.find((page) => isWithin(page, row)) ?? null
  }

  /** @param {FormNode} row */
  #lacks(row) {
    return !hasAnswer(row) || this.#form.problems(row).length > 0
  }

  /** @param {FormNode} repeat */
  #hubFor(repeat) {
    return this.#pages.find((page) => hubOf(page) === repeat)
  }
}

/**
 * Gives the repeat whose rows are listed on this page and can be added, or null.
 *
 * @param {Page} page
 * @returns {FormNode|null}
 */
function hubOf(page) {
  return isRowList(page) ? page.node : null
}

/** @param {Page} page */
function rowOf(page) {
  const first = page.nodes[0] ?? page.node
  return first.kind === 'row' ? first : rowAbove(first)
}

/**
 * @param {FormNode} node
 * @returns {FormNode|null}
 */
function rowAbove(node) {
  let at = node.parent
  while (at && at.kind !== 'row') at = at.parent
  return at
}

/**
 * @param {Page} page
 * @param {FormNode} ancestor
 */
function isWithin(page, ancestor) {
  for (let at = /** @type {FormNode|null} */ (page.nodes[0] ?? page.node); at; at = at.parent) if (at === ancestor) return page.nodes[0] !== ancestor
  return false
}

/**
 * @param {FormNode} node
 * @returns {boolean}
 */
function hasAnswer(node) {
  return node.kind === 'question' ? Boolean(node.def.control) && (node.value || node.missing) !== '' : node.children.some(hasAnswer)
}
