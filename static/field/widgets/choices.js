/** @import { Choice, NodeDef, Widget, WidgetContext, WidgetModule } from '../fill/types.js' */
import { el } from '../dom.js'
import { loadStyle } from '../style.js'

/** More choices than this do not stand in one line of a phone. */
const MOST_IN_LINE = 7
/** Of a letter as wide as most, in rem of the small text; a Chinese character counts as two. */
const LETTER_REM = 0.47
const TARGET_REM = 2.75

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
  return { ...widget, update: () => {
    widget.update()
    setLook()
  } }
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
    element.hidden = !fitsInLine(choices)
    element.replaceChildren(...choices.map(({ label, marked }) => {
      const cell = el('span', { class: 'table-head__cell' }, label)
      if (marked) form.marks?.show(cell, marked)
      return cell
    }))
  }
  update()
  return { element, update, focus: () => {} }
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
  const isInLine = has(/ (?:likert|list-nolabel|list) /) && fitsInLine(choices)
  const isTable = isInLine && has(/ list-nolabel /)
  const [, columns] = /(?:columns|compact)-(\d+)/.exec(appearance) ?? []
  const isPacked = !isInLine && !columns && has(/ (?:columns-pack|horizontal|horizontal-compact|compact|quickcompact|list|list-nolabel) /)
  const set = (/** @type {string} */ name, /** @type {boolean} */ isOn) => list.classList.toggle(`option-list--${name}`, isOn)
  set('line', isInLine)
  set('table', isTable)
  set('pack', isPacked)
  set('columns', columns !== undefined || has(/ columns /))
  set('bare', has(/ (?:no-buttons|(?:quick)?compact(?:-\d+)?) /))
  if (columns) list.style.setProperty('--columns', columns)
}

/**
 * Tells whether the choices' labels stand beside each other on this screen, none broken within a word.
 *
 * @param {Choice[]} choices
 * @returns {boolean}
 */
function fitsInLine(choices) {
  if (choices.length > MOST_IN_LINE) return false
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize)
  const screen = document.querySelector('.fill')?.clientWidth || innerWidth
  const width = screen / rem - 2
  const longest = Math.max(0, ...choices.map(({ label }) => Math.max(...label.split(/[\s/-]/).map(lengthOf))))
  return width / choices.length >= Math.max(TARGET_REM, longest * LETTER_REM + 0.25)
}

/** @param {string} word of which Chinese may be broken anywhere; three characters are kept together */
function lengthOf(word) {
  return /\p{Script=Han}/u.test(word) ? Math.min(word.length, 3) * 2 : word.length
}
