/**
 * The answers of the last finished response, as `instance('__last-saved')` sees them (XLSForm: `${last-saved#question}`).
 */

/** @typedef {import('./values.js').XNode} XNode */
/** @typedef {import('./build.js').Answers} Answers */

/** Id under which expressions find them. */
export const LAST_SAVED = '__last-saved'

/** What a secondary instance is to expressions, over answers. It has no items to look up. */
export class SavedAnswers {
  /** @type {string[]} */
  columns = []

  /**
   * @param {string} name of the form's root
   * @param {Answers} answers `{}` where no response was finished yet
   */
  constructor(name, answers) {
    const top = new SavedNode('', null, { [name]: answers })
    this.root = { top }
  }

  /** @returns {import('./instances.js').ItemNode[]} */
  lookUp() {
    return []
  }
}

/** @implements {XNode} */
class SavedNode {
  isRelevant = true
  #parent
  #answer

  /**
   * @param {string} name
   * @param {SavedNode | null} parent
   * @param {string | Answers} answer
   */
  constructor(name, parent, answer) {
    this.name = name
    this.#parent = parent
    this.#answer = answer
  }

  up() {
    return this.#parent
  }

  /**
   * @param {string} name
   * @returns {XNode[]}
   */
  down(name) {
    const answers = this.#answer
    if (typeof answers === 'string') return []
    const names = name === '*' ? Object.keys(answers).filter((one) => !one.includes('@')) : Object.hasOwn(answers, name) ? [name] : []
    return names.flatMap((one) => [answers[one]].flat().map((answer) => new SavedNode(one, this, answer)))
  }

  text() {
    return typeof this.#answer === 'string' ? this.#answer : ''
  }
}
