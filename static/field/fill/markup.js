/**
 * Markdown and the HTML that ODK allows in labels, hints and choices, read into elements; never through innerHTML.
 * Source: docs.getodk.org/form-styling; lists, sub and sup as Enketo has them. Fetched for forms whose texts have marks.
 *
 * @typedef {object} Mark an element of a text
 * @property {string} tag
 * @property {string} [marker] the characters that opened it
 * @property {Record<string, string>} [style]
 * @property {string} [href]
 * @property {(Mark|string)[]} children
 */
/** @import { Form } from './types.js' */
import { el } from '../dom.js'
import { loadStyle } from '../style.js'

/** Tags that are drawn as themselves. What is not here or among the blocks is shown as text. */
const INLINE = new Set(['a', 'b', 'big', 'em', 'i', 's', 'small', 'span', 'strong', 'sub', 'sup', 'u'])
const BLOCKS = new Set(['center', 'div', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'li', 'ol', 'p', 'ul'])
/** @type {Record<string, string>} */
const ALIASES = { del: 's', font: 'span', strike: 's' }

/** @type {Record<string, string>} */
const ENTITIES = { amp: '&', gt: '>', lt: '<', nbsp: '\u00a0' }

/** Styles that may be set; the browser leaves out a value that makes no sense for them. */
const STYLE = /^(?:color|background-color|font-(?:family|size|style|weight)|text-(?:align|decoration))$/
/** Values that hold nothing but words, numbers and colours. */
const VALUE = /^[\w#%.,() -]{1,40}$/

const LIST_LINE = /\n[^\S\n]*[*+-][^\S\n]+\S/
const CLOSED_HEADING = /^([^\S\n]*#{1,6}[^#\n].*?)[^\S\n]*#+[^\S\n]*$/gm
const LINE = /^[^\S\n]*(?:(#{1,6})(?![#\d])[^\S\n]*|[*+-][^\S\n]+(?=\S))/
const ESCAPED = /\\([\\*_#<[\]&+-])/
const ENTITY = /&(\w{2,4});/
const TAG = /<(\/?)([a-z][a-z0-9]*)((?:\s+[a-z-]+\s*=\s*(?:"[^"]*"|'[^']*'|[“”][^“”]*[“”]|[^\s"'<>=]+))*)\s*\/?>/
const LINK = /\[([^\]\n]*)\]\(([^)\s]+)\)/
const MARKER = /(_+|\*+)/
const TOKEN = new RegExp([LINE, ESCAPED, ENTITY, TAG, LINK, MARKER].map(({ source }) => source).join('|'), 'gim')
/** Characters that a text must have one of to be more than it seems. */
const SIGN = /[\\*_#<[&]|^\s*[+-] /m
const WORD = /[\p{L}\p{N}]/u

/**
 * Reads a text with marks.
 *
 * @param {string} text
 * @returns {(Mark|string)[]}
 */
export function parse(text) {
  return new Parser(text).parse()
}

/**
 * Gives the text without its marks.
 *
 * @param {string} text
 * @returns {string}
 */
export function plain(text) {
  return SIGN.test(text) ? flat(parse(text)).replace(/\n{2,}/g, '\n').trim() : text
}

/**
 * Gives a value of the form such that none of it is read as a mark.
 *
 * @param {string} value
 * @returns {string}
 */
export function quote(value) {
  return value.replace(/[\\*_#<[\]&+-]/g, '\\$&')
}

/**
 * Shows a text with its marks in an element, in the place of what was there.
 *
 * @param {HTMLElement} element
 * @param {string} text
 * @returns {boolean} whether there is a text
 */
export function show(element, text) {
  if (SIGN.test(text)) element.replaceChildren(...parse(text).map(draw))
  else if (element.textContent !== text) element.textContent = text
  return text !== ''
}

/** Fetches the look of what is drawn, and gives what reads a form's marks. */
export async function openMarkup() {
  await loadStyle(new URL('../../css/rare.css', import.meta.url).href)
  return readAsMarkup
}

/**
 * Lets the form's `text`, `display` and `choices` give words without marks, and gives it `marks`, which shows them. What a value of
 * the form puts into a text is never a mark.
 *
 * @param {Form} form changed
 * @returns {Form} the same
 */
export function readAsMarkup(form) {
  const [text, display, choices] = [form.text.bind(form), form.display.bind(form), form.choices.bind(form)]
  form.marks = { text: (node, what) => text(node, what, quote), show }
  form.text = (node, what) => plain(text(node, what, quote))
  form.display = (node) => ('itemset' in node.def ? plain(display(node, quote)) : display(node))
  form.choices = (node) => choices(node, quote).map((choice) => {
    const label = plain(choice.label)
    return label === choice.label ? choice : { ...choice, label, marked: choice.label }
  })
  return form
}

class Parser {
  #text
  #end = 0
  /** @type {Mark[]} what is open, outermost first */
  #open = [{ tag: '', children: [] }]

  #hasList

  /** @param {string} text */
  constructor(text) {
    this.#text = text.replace(/\r/g, '').replace(CLOSED_HEADING, '$1')
    // A single line that begins with a dash is no list.
    this.#hasList = LIST_LINE.test(this.#text)
  }

  parse() {
    for (const found of this.#text.matchAll(TOKEN)) {
      // Some tokens take more than their match: a heading's mark at its end, the line break after a block.
      if (found.index < this.#end) continue
      this.#add(this.#text.slice(this.#end, found.index))
      this.#end = found.index + found[0].length
      if (!this.#token(found)) this.#add(found[0])
    }
    this.#add(this.#text.slice(this.#end))
    return this.#open[0].children
  }

  get #top() {
    return this.#open[this.#open.length - 1]
  }

  /** @param {string} text in which a line's end closes headings and list items */
  #add(text) {
    const line = this.#open.findIndex(({ marker }) => marker === 'line')
    const end = line < 0 ? -1 : text.indexOf('\n')
    if (end < 0) {
      if (text) this.#top.children.push(text)
      return
    }
    if (end > 0) this.#top.children.push(text.slice(0, end))
    this.#open.length = line
    this.#add(text.slice(end + 1))
  }

  /**
   * @param {RegExpMatchArray} found
   * @returns {boolean} whether it was a mark
   */
  #token(found) {
    const [, hashes, escaped, entity, slash, name, attributes, label, address, marker] = found
    if (escaped) return this.#put(escaped)
    if (entity) return this.#put(ENTITIES[entity])
    if (name) return this.#tag(slash !== '', name.toLowerCase(), attributes)
    if (address) return this.#link(label, address)
    if (marker) return this.#emphasis(marker, found.index ?? 0)
    return this.#line(hashes ? `h${hashes.length}` : 'li')
  }

  /** @param {string|undefined} text */
  #put(text) {
    if (text === undefined) return false
    this.#top.children.push(text)
    return true
  }

  /** @param {string} tag of a heading or a list's item */
  #line(tag) {
    if (tag === 'li' && !this.#hasList) return false
    const line = this.#open.findIndex(({ marker }) => marker === 'line')
    if (line >= 0) this.#open.length = line
    this.#push({ tag, marker: 'line', children: [] })
    return true
  }

  /** @param {Mark} mark */
  #push(mark) {
    this.#top.children.push(mark)
    this.#open.push(mark)
  }

  /**
   * @param {boolean} isEnd
   * @param {string} name
   * @param {string} attributes
   */
  #tag(isEnd, name, attributes) {
    const tag = ALIASES[name] ?? name
    if (tag === 'br') {
      if (this.#text[this.#end] === '\n') this.#end += 1
      return this.#put('\n')
    }
    if (!INLINE.has(tag) && !BLOCKS.has(tag)) return false
    if (!isEnd) {
      const href = tag === 'a' ? safeAddress(valueOf(attributes, 'href')) : ''
      if (tag === 'a' && !href) return false
      this.#push({ tag, style: safeStyle(attributes, tag), ...(href && { href }), children: [] })
      return true
    }
    const at = this.#open.findLastIndex((mark) => mark.tag === tag && mark.marker === undefined)
    if (at > 0) this.#open.length = at
    // The block ends its line by itself; the blanks that authors put between blocks would be lines of their own.
    if (BLOCKS.has(tag)) this.#end += (/^\s*/.exec(this.#text.slice(this.#end)) ?? [''])[0].length
    return true
  }

  /**
   * @param {string} label
   * @param {string} address
   */
  #link(label, address) {
    const href = safeAddress(address)
    if (!href) return false
    this.#top.children.push({ tag: 'a', href, children: parse(label) })
    return true
  }

  /**
   * @param {string} marker
   * @param {number} at
   */
  #emphasis(marker, at) {
    const [before, after] = [this.#text[at - 1] ?? ' ', this.#text[at + marker.length] ?? ' ']
    const open = this.#open.findLastIndex((mark) => mark.marker === marker)
    const isUnderscore = marker[0] === '_'
    // Underscores within a word are part of it; three and more are a line to write on.
    if (marker.length > (isUnderscore ? 2 : 3)) return false
    if (open > 0 && /\S/.test(before) && !(isUnderscore && WORD.test(after))) {
      this.#open.length = open
      return true
    }
    const closes = new RegExp(`(?:[^\\s*_\\\\]|\\\\.)${isUnderscore ? `${marker}(?![\\p{L}\\p{N}_])` : `${marker.replaceAll('*', '\\*')}(?!\\*)`}`, 'u')
    if (/\s/.test(after) || (isUnderscore && WORD.test(before)) || !closes.test(this.#text.slice(at + marker.length))) return false
    this.#push({ tag: marker.length > 1 ? 'strong' : 'em', marker, children: [] })
    return true
  }
}

/**
 * @param {string} attributes
 * @param {string} name
 */
function valueOf(attributes, name) {
  return new RegExp(`(?:^|\\s)${name}\\s*=\\s*["'\u201c\u201d]([^"'\u201c\u201d]*)`, 'i').exec(attributes)?.[1].trim() ?? ''
}

/**
 * Gives an address that may be opened, `''` for any other: a script's above all.
 *
 * @param {string} address
 */
function safeAddress(address) {
  if (/^(?:https?:\/\/|mailto:|tel:)/i.test(address)) return address
  return /^[\w-]+(?:\.[\w-]+)+(?:[/?#].*)?$/.test(address) ? `https://${address}` : ''
}

/**
 * @param {string} attributes of a tag
 * @param {string} tag
 * @returns {Record<string, string>}
 */
function safeStyle(attributes, tag) {
  const written = `color:${valueOf(attributes, 'color')};text-align:${tag === 'center' ? tag : valueOf(attributes, 'align')};${valueOf(attributes, 'style')}`
  const pairs = written.toLowerCase().split(';').map((pair) => pair.split(':').map((part) => part.trim()))
  return Object.fromEntries(pairs.filter(([name, value = '']) => STYLE.test(name) && VALUE.test(value)))
}

/** @param {(Mark|string)[]} marks @returns {string} */
function flat(marks) {
  return marks.map((mark) => (typeof mark === 'string' ? mark : BLOCKS.has(mark.tag) ? `\n${flat(mark.children)}\n` : flat(mark.children))).join('')
}

/**
 * @param {Mark|string} mark
 * @returns {Node|string}
 */
function draw(mark) {
  if (typeof mark === 'string') return mark
  const { tag, style = {}, href, children } = mark
  // Labels and legends may hold phrases only, so that a block is a span that is drawn as one.
  const element = BLOCKS.has(tag) ? el('span', { class: `marks marks--${tag}` }) : el(/** @type {'a'} */ (tag), href ? { href, target: '_blank', rel: 'noopener noreferrer' } : {})
  for (const [name, value] of Object.entries(style)) {
    element.style.setProperty(name, value)
    // Mixed with the colour of text, so that blue stays legible on a dark ground and yellow on a light one.
    if (name === 'color') element.style.color = `color-mix(in oklab, ${value} 60%, var(--color-text))`
    if (name === 'font-size' && /^\d/.test(value)) element.style.fontSize = `clamp(0.75em, ${value}, 2.5em)`
  }
  element.append(...children.map(draw))
  return element
}
