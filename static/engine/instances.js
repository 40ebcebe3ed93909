/**
 * Secondary instances (`instance('x')/root/item/column`) over the model's lists, with an index per column.
 */

/** @typedef {import('./values.js').XNode} XNode */
/** @typedef {{columns: string[], rows: string[][]}} List */
/** @typedef {List | {file: string, sha256?: string, size?: number}} ModelList in the model, or in a file beside it */

/** @type {List} */
export const EMPTY_LIST = { columns: [], rows: [] }

/** A list as expressions see it. Nodes are made when they are first asked for. */
export class Instance {
  #list
  /** @type {(ItemNode | undefined)[]} */
  #items = []
  /** @type {Map<string, Map<string, number[]>>} */
  #indexes = new Map()

  /** @param {List} list */
  constructor(list) {
    this.#list = list
    this.root = new ListRoot(this)
  }

  /** The names of the columns, in order. */
  get columns() {
    return this.#list.columns
  }

  /** All items in list order. */
  get items() {
    return this.#list.rows.map((_, row) => this.item(row))
  }

  /**
   * Gives the text of a cell; `""` where the row is short.
   *
   * @param {number} row
   * @param {number} column
   */
  cell(row, column) {
    return this.#list.rows[row][column] ?? ''
  }

  /**
   * Gives the items whose column holds one of the texts, in list order.
   *
   * @param {string} column
   * @param {string[]} texts
   */
  lookUp(column, texts) {
    return this.rowsWith(column, texts).map((row) => this.item(row))
  }

  /**
   * Gives the numbers of the rows, from 0, whose column holds one of the texts, in list order.
   *
   * @param {string} column
   * @param {string[]} texts
   */
  rowsWith(column, texts) {
    const index = this.#indexOf(column)
    if (texts.length === 1) return index.get(texts[0]) ?? []
    const rows = new Set(texts.flatMap((text) => index.get(text) ?? []))
    return [...rows].sort((a, b) => a - b)
  }

  /** @param {string} column */
  #indexOf(column) {
    let index = this.#indexes.get(column)
    if (index !== undefined) return index
    index = new Map()
    const at = this.#list.columns.indexOf(column)
    if (at >= 0) this.#list.rows.forEach((cells, row) => addTo(/** @type {Map<string, number[]>} */ (index), cells[at] ?? '', row))
    this.#indexes.set(column, index)
    return index
  }

  /**
   * Gives an item.
   *
   * @param {number} row from 0
   */
  item(row) {
    return (this.#items[row] ??= new ItemNode(this, row))
  }
}

/**
 * @param {Map<string, number[]>} index
 * @param {string} text
 * @param {number} row
 */
function addTo(index, text, row) {
  const rows = index.get(text)
  if (rows === undefined) index.set(text, [row])
  else rows.push(row)
}

/** @implements {XNode} */
class ListRoot {
  name = 'root'
  isRelevant = true

  /** @param {Instance} instance */
  constructor(instance) {
    this.instance = instance
    /** @type {XNode} */
    this.top = { name: '', isRelevant: true, up: () => null, down: (name) => (name === 'root' || name === '*' ? [this] : []), text: () => '' }
  }

  up() {
    return this.top
  }

  /** @param {string} name */
  down(name) {
    return name === 'item' || name === '*' ? this.instance.items : []
  }

  text() {
    return ''
  }
}

/**
 * One row of a list.
 *
 * @implements {XNode}
 */
export class ItemNode {
  name = 'item'
  isRelevant = true

  /**
   * @param {Instance} instance
   * @param {number} row
   */
  constructor(instance, row) {
    this.instance = instance
    this.row = row
  }

  up() {
    return this.instance.root
  }

  /**
   * @param {string} name
   * @returns {XNode[]}
   */
  down(name) {
    const { columns } = this.instance
    if (name === '*') return columns.map((_, column) => new CellNode(this, column))
    const column = columns.indexOf(name)
    return column < 0 ? [] : [new CellNode(this, column)]
  }

  /** The texts of all cells, one after the other, as XPath has it for an element. */
  text() {
    return this.instance.columns.map((_, column) => this.instance.cell(this.row, column)).join('')
  }

  /**
   * Gives the text of a column, `""` where there is none.
   *
   * @param {string} name
   */
  cell(name) {
    const column = this.instance.columns.indexOf(name)
    return column < 0 ? '' : this.instance.cell(this.row, column)
  }
}

/** @implements {XNode} */
class CellNode {
  isRelevant = true

  /**
   * @param {ItemNode} item
   * @param {number} column
   */
  constructor(item, column) {
    this.item = item
    this.column = column
    this.name = item.instance.columns[column]
  }

  up() {
    return this.item
  }

  down() {
    return []
  }

  text() {
    return this.item.instance.cell(this.item.row, this.column)
  }
}
