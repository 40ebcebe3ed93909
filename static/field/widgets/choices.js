/** @import { Choice, NodeDef, Widget, WidgetContext, WidgetModule } from '../fill/types.js' */
import { el } from '../dom.js'
import { loadStyle } from '../style.js'

/** More choices than this do not stand in one line of a phone. */
const MOST_IN_LINE = 7
/** Choices of columns whose words are measured. */
const MOST_MEASURED = 60
/** The least width of a choice in a line, and what is beside its words, in pixels. */
const TARGET_PX = 48
const EDGES_PX = 6

/** Appearances whose look comes with every questionnaire: one line, and columns. */
const COMMON = /^(?:minimal|quick|columns(?:-\d+)?|\s)*$/

/** Fetches the look of choices that are more than a plain list, and of labels that are more than words. */
export function loadChoiceLook() {
  return loadStyle(new URL('../../css/rare.css', import.meta.url).href)
}

/** @type {Record<string, () => Promise<WidgetModule>>} */
const MODULES = {
  label: async () => ({ create: createHead, isGroup: true }),
  minimal: () => import('./select_minimal.js'),
  rank: () => import('./rank.js'),
  select: () => import('./select_multiple.js'),
  select1: () => import('./select_one.js'),
}

/**
 * Fetches the widget of a choice question that is more than a plain list, with its look. Rejects where it cannot be had.
 *
 * @param {NodeDef} def
 * @returns {Promise<WidgetModule>}
 */
export async function fetchWidget({ control = '', appearance = '' }) {
  const words = appearance.split(' ')
  const kind = ['label', 'minimal'].find((word) => words.includes(word)) ?? control
  const [module] = await Promise.all([MODULES[control === 'rank' ? control : kind](), control !== 'rank' && COMMON.test(appearance) ? null : loadChoiceLook()])
  return { ...module, create: (context) => lookedAfter(module.create(context), context) }
}

/**
 * @param {Widget} widget
 * @param {WidgetContext} context
 * @returns {Widget}
 */
function lookedAfter(widget, { form, node }) {
  const list = widget.element.matches('.option-list') ? widget.element : widget.element.querySelector('.option-list')
  if (!(list instanceof HTMLElement)) return widget
  const setLook = () => look(list, node.def.appearance ?? '', form.choices(node))
  setLook()
  return { ...widget, update: followSize(list, setLook, widget.update) }
}

/**
 * Sets a look anew when the phone is turned and when the reader asks for larger text, and gives the update that does.
 *
 * @param {HTMLElement} element
 * @param {() => void} setLook
 * @param {() => void} [update]
 */
function followSize(element, setLook, update = () => {}) {
  const sizes = () => `${innerWidth} ${rem()}`
  let before = sizes()
  new ResizeObserver(() => {
    if (sizes() === before) return
    before = sizes()
    requestAnimationFrame(setLook)
  }).observe(element)
  return () => {
    update()
    setLook()
  }
}

/**
 * The head of a table of choices: the appearance `label`. It takes no answer; the rows below it have `list-nolabel`. Screen readers
 * hear the choice at each of its buttons, so that they are spared the head. Where the labels do not fit, each row shows its own.
 *
 * @param {WidgetContext} context
 * @returns {Widget}
 */
function createHead({ form, node }) {
  const element = el('div', { class: 'table-head', 'aria-hidden': 'true' })
  const update = () => {
    const choices = form.choices(node)
    // Empty, not hidden: only what has a width can tell that it changed.
    element.replaceChildren(...(fitsInLine(choices, true) ? choices : []).map(({ label, marked }) => {
      const cell = el('span', { class: 'table-head__cell' }, label)
      if (marked) form.marks?.show(cell, marked)
      return cell
    }))
  }
  update()
  return { element, update: followSize(element, update), focus: () => {} }
}

/**
 * Sets the look that the appearance asks of a list of choices.
 *
 * @param {HTMLElement} list
 * @param {string} appearance
 * @param {Choice[]} choices
 */
function look(list, appearance, choices) {
  const has = (/** @type {RegExp} */ word) => word.test(` ${appearance} `)
  const isRow = has(/ list-nolabel /)
  const isInLine = (isRow || has(/ (?:likert|list) /)) && fitsInLine(choices, isRow)
  const isTable = isInLine && isRow
  const [, columns] = /(?:columns|compact)-(\d+)/.exec(appearance) ?? []
  const isPacked = !isInLine && !columns && has(/ (?:columns-pack|horizontal|horizontal-compact|compact|quickcompact|list|list-nolabel) /)
  const set = (/** @type {string} */ name, /** @type {boolean} */ isOn) => list.classList.toggle(`option-list--${name}`, isOn)
  set('line', isInLine)
  set('table', isTable)
  set('pack', isPacked)
  const isColumns = columns !== undefined || has(/ columns /)
  set('columns', isColumns)
  if (isColumns) list.style.setProperty('--word', `${Math.ceil(widestWord(choices.slice(0, MOST_MEASURED), 1.125))}px`)
  set('bare', has(/ (?:no-buttons|(?:quick)?compact(?:-\d+)?) /))
  if (columns) list.style.setProperty('--columns', columns)
}

/**
 * Tells whether the choices' labels stand beside each other on this screen, none broken within a word.
 *
 * @param {Choice[]} choices
 * @param {boolean} isBold as the head of a table is
 * @returns {boolean}
 */
function fitsInLine(choices, isBold) {
  if (choices.length > MOST_IN_LINE) return false
  const screen = document.querySelector('.fill')?.clientWidth || innerWidth
  const width = screen - 2 * Math.min(rem(), 20)
  return width / choices.length >= Math.max(TARGET_PX, widestWord(choices, 0.875, isBold) + EDGES_PX)
}

/** Pixels of a rem: they follow the phone's text size, and the volunteer's. */
function rem() {
  return parseFloat(getComputedStyle(document.documentElement).fontSize)
}

/**
 * Gives the width in pixels of the widest word. Chinese may be broken anywhere; three characters are kept together.
 *
 * @param {Choice[]} choices
 * @param {number} size of the text in rem
 * @param {boolean} [isBold]
 * @returns {number}
 */
function widestWord(choices, size, isBold = false) {
  const pen = document.createElement('canvas').getContext('2d')
  if (!pen) return 0
  pen.font = `${isBold ? 'bold ' : ''}${size * rem()}px ${getComputedStyle(document.body).fontFamily}`
  const words = choices.flatMap(({ label }) => label.split(/[\s/-]/).map((word) => (/\p{Script=Han}/u.test(word) ? word.slice(0, 3) : word)))
  return Math.max(0, ...words.map((word) => pen.measureText(word).width))
}
