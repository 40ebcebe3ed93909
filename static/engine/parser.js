/**
 * Reads an expression into a syntax tree: XPath 1.0's grammar (section 3) as ODK XForms uses it.
 */
import { ExpressionError, tokenize } from './lexer.js'

/**
 * @typedef {{axis: string, test: string, predicates: Ast[]}} Step
 * `test` is a name, `*`, `node()` or `text()`. Of a path that is absolute and of plain names, `name` is the whole of it, `/data/group/age`.
 */
/**
 * @typedef {{kind: 'number', value: number}
 *   | {kind: 'string', value: string}
 *   | {kind: 'chain', level: number, first: Ast, rest: {op: string, right: Ast}[]}
 *   | {kind: 'negate', operand: Ast}
 *   | {kind: 'union', parts: Ast[]}
 *   | {kind: 'filter', base: Ast, predicates: Ast[]}
 *   | {kind: 'path', start: 'root' | 'context' | Ast, steps: Step[], at: number, name?: string}
 *   | {kind: 'call', name: string, args: Ast[], at: number}} Ast
 */
/** @typedef {import('./lexer.js').Token} Token */

/** @type {Record<string, number>} */
const LEVELS = { or: 1, and: 2, '=': 3, '!=': 3, '<': 4, '<=': 4, '>': 4, '>=': 4, '+': 5, '-': 5, '*': 6, div: 6, mod: 6 }
const MAX_DEPTH = 200
const AXES = new Set([
  'child', 'parent', 'self', 'descendant', 'descendant-or-self', 'ancestor', 'ancestor-or-self', 'following-sibling',
  'preceding-sibling', 'attribute',
])

/**
 * Gives the syntax tree of an expression.
 *
 * @param {string} text
 * @returns {Ast}
 * @throws {ExpressionError} where the text is no expression
 */
export function parse(text) {
  return new Parser(tokenize(text)).whole()
}

/** An absolute path of plain names. Most are found by name, so the steps are made when somebody walks them. */
class PlainPath {
  kind = /** @type {const} */ ('path')
  start = /** @type {const} */ ('root')
  /** @type {Step[] | null} */
  #steps = null

  /**
   * @param {string} name
   * @param {number} at
   */
  constructor(name, at) {
    this.name = name
    this.at = at
  }

  get steps() {
    return (this.#steps ??= this.name.slice(1).split('/').map((test) => ({ axis: 'child', test, predicates: [] })))
  }
}

class Parser {
  #tokens
  #index = 0
  #depth = 0

  /** @param {Token[]} tokens */
  constructor(tokens) {
    this.#tokens = tokens
  }

  /** @returns {Ast} */
  whole() {
    const ast = this.#binary(1)
    if (this.#peek().kind !== 'end') throw this.#unexpected()
    return ast
  }

  /**
   * Operators of one level side by side become one `chain`, so that a long sum is a loop and not a deep tree.
   *
   * @param {number} level lowest level of operator to take in
   * @returns {Ast}
   */
  #binary(level) {
    if (++this.#depth > MAX_DEPTH) throw new ExpressionError('too_deep', 'The expression is nested too deeply.', this.#peek().at)
    let left = this.#unary()
    for (;;) {
      const token = this.#peek()
      const own = token.kind === 'operator' ? LEVELS[token.text] : undefined
      if (own === undefined || own < level) break
      this.#index += 1
      const right = this.#binary(own + 1)
      if (left.kind === 'chain' && left.level === own) left.rest.push({ op: token.text, right })
      else left = { kind: 'chain', level: own, first: left, rest: [{ op: token.text, right }] }
    }
    this.#depth -= 1
    return left
  }

  /** @returns {Ast} */
  #unary() {
    let minuses = 0
    while (this.#takes('-')) minuses += 1
    const operand = this.#union()
    if (minuses === 0) return operand
    return minuses % 2 === 1 ? { kind: 'negate', operand } : { kind: 'negate', operand: { kind: 'negate', operand } }
  }

  /** @returns {Ast} */
  #union() {
    const first = this.#path()
    if (!this.#sees('|')) return first
    const parts = [first]
    while (this.#takes('|')) parts.push(this.#path())
    return { kind: 'union', parts }
  }

  /** @returns {Ast} */
  #path() {
    const { at, kind, text } = this.#peek()
    if (kind === 'path') return this.#plainPath(text, at)
    if (this.#startsFilter()) {
      const base = this.#filter()
      if (!this.#sees('/') && !this.#sees('//')) return base
      return { kind: 'path', start: base, steps: this.#moreSteps([]), at }
    }
    if (this.#sees('//')) return { kind: 'path', start: 'root', steps: this.#moreSteps([]), at }
    if (this.#takes('/')) {
      const steps = this.#startsStep() ? this.#moreSteps([this.#step()]) : []
      return { kind: 'path', start: 'root', steps, at }
    }
    return { kind: 'path', start: 'context', steps: this.#moreSteps([this.#step()]), at }
  }

  /**
   * @param {string} text
   * @param {number} at
   * @returns {Ast}
   */
  #plainPath(text, at) {
    this.#index += 1
    const path = new PlainPath(text, at)
    const next = this.#peek()
    if (next.kind !== 'symbol' || (next.text !== '[' && next.text !== '/' && next.text !== '//')) return path
    const { steps } = path
    steps[steps.length - 1].predicates = this.#predicates()
    return { kind: 'path', start: 'root', steps: this.#moreSteps(steps), at }
  }

  /** @param {Step[]} steps */
  #moreSteps(steps) {
    for (;;) {
      if (this.#takes('//')) steps.push({ axis: 'descendant-or-self', test: 'node()', predicates: [] })
      else if (!this.#takes('/')) return steps
      steps.push(this.#step())
    }
  }

  /** @returns {Step} */
  #step() {
    const token = this.#peek()
    if (this.#takes('.')) return { axis: 'self', test: 'node()', predicates: this.#predicates() }
    if (this.#takes('..')) return { axis: 'parent', test: 'node()', predicates: this.#predicates() }
    let axis = 'child'
    if (this.#takes('@')) axis = 'attribute'
    else if (token.kind === 'name' && this.#peek(1).text === '::' && this.#peek(1).kind === 'symbol') {
      if (!AXES.has(token.text)) throw new ExpressionError('syntax', `The axis ${token.text} is not known.`, token.at)
      axis = token.text
      this.#index += 2
    }
    return { axis, test: this.#nodeTest(), predicates: this.#predicates() }
  }

  /** @returns {string} */
  #nodeTest() {
    const token = this.#peek()
    if (this.#takes('*')) return '*'
    if (token.kind !== 'name') throw this.#unexpected()
    this.#index += 1
    if (!this.#sees('(')) return token.text
    if (token.text !== 'node' && token.text !== 'text') throw this.#unexpected()
    this.#index += 1
    this.#expect(')')
    return `${token.text}()`
  }

  /** @returns {Ast[]} */
  #predicates() {
    const predicates = []
    while (this.#takes('[')) {
      predicates.push(this.#binary(1))
      this.#expect(']')
    }
    return predicates
  }

  /** @returns {Ast} */
  #filter() {
    const base = this.#primary()
    const predicates = this.#predicates()
    return predicates.length === 0 ? base : { kind: 'filter', base, predicates }
  }

  /** @returns {Ast} */
  #primary() {
    const token = this.#peek()
    this.#index += 1
    if (token.kind === 'number') return { kind: 'number', value: Number(token.text) }
    if (token.kind === 'string') return { kind: 'string', value: token.text }
    if (token.kind === 'name') return { kind: 'call', name: token.text, args: this.#arguments(), at: token.at }
    const inner = this.#binary(1)
    this.#expect(')')
    return inner
  }

  /** @returns {Ast[]} */
  #arguments() {
    /** @type {Ast[]} */
    const args = []
    this.#expect('(')
    if (this.#takes(')')) return args
    do args.push(this.#binary(1))
    while (this.#takes(','))
    this.#expect(')')
    return args
  }

  #startsFilter() {
    const { kind, text } = this.#peek()
    if (kind === 'number' || kind === 'string' || (kind === 'symbol' && text === '(')) return true
    return kind === 'name' && this.#peek(1).text === '(' && this.#peek(1).kind === 'symbol' && text !== 'node' && text !== 'text'
  }

  #startsStep() {
    const { kind, text } = this.#peek()
    return kind === 'name' || (kind === 'symbol' && ['.', '..', '@', '*'].includes(text))
  }

  /** @returns {Token} */
  #peek(ahead = 0) {
    return this.#tokens[Math.min(this.#index + ahead, this.#tokens.length - 1)]
  }

  /** @param {string} text */
  #sees(text) {
    const token = this.#peek()
    return token.text === text && (token.kind === 'symbol' || token.kind === 'operator')
  }

  /** @param {string} text */
  #takes(text) {
    if (!this.#sees(text)) return false
    this.#index += 1
    return true
  }

  /** @param {string} text */
  #expect(text) {
    if (!this.#takes(text)) throw this.#unexpected(text)
  }

  /** @param {string} [wanted] */
  #unexpected(wanted) {
    const token = this.#peek()
    const what = token.kind === 'end' ? 'The expression ends too early' : `${JSON.stringify(token.text)} cannot stand here`
    return new ExpressionError('syntax', wanted === undefined ? `${what}.` : `${what}: ${wanted} is missing.`, token.at)
  }
}
