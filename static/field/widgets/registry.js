/** @import { FormNode, WidgetModule } from '../fill/types.js' */
import { hasAppearance, namesNegative } from './input.js'
import * as number from './number.js'
import * as readonly from './readonly.js'
import * as text from './text.js'

/**
 * Fetched when the first question of their kind comes near: the first page of a form then needs few bytes on a slow
 * network. The service worker has all of them in store.
 *
 * @type {Record<string, () => Promise<WidgetModule>>}
 */
const LATER = {
  date: () => import('./date.js'),
  dressed: () => import('./number-dressed.js'),
  select: () => import('./select_multiple.js'),
  select1: () => import('./select_one.js'),
  trigger: () => import('./trigger.js'),
}

/** Appearances of a date that is no more than a date: other calendars are capture.js's. */
const PLAIN_DATE = /^date (?:no-calendar|month-year|year|\s)*$/
/** Controls, and types of typed answers, whose widgets capture.js fetches. */
const CAPTURED = /^(?:upload|range|date|time|dateTime|geopoint|geotrace|geoshape|barcode)$/
const CAPTURED_APPEARANCE = /(?:^| )(?:bearing|counter|ex:)/
/** Appearances of choices, and rank, that are more than a plain list: choices.js fetches their widgets. */
const LAID_OUT = /^rank|^select.*\b(?:minimal|columns|(?:quick)?compact|horizontal|likert|label|list|no-buttons)/
/** The number pad of an iPhone has no minus. */
const IS_IPHONE = /iP(?:hone|od)/.test(navigator.userAgent)
const NUMBER = /^(?:int|decimal)$/

/** @type {Map<string, WidgetModule>} those that have come: shown at once from then on */
const loaded = new Map()

/**
 * Gives the widget for a question: the module, or a promise of it where it is still to come. What no entry knows is
 * typed as text, so that nothing is unfillable.
 *
 * @param {FormNode} node
 * @returns {WidgetModule|Promise<WidgetModule>}
 */
export function widgetFor(node) {
  if (node.isReadonly) return readonly
  const kind = kindOf(node)
  if (kind) return loaded.get(kind) ?? load(kind, node.def)
  return NUMBER.test(node.def.type ?? '') ? number : text
}

/**
 * @param {FormNode} node
 * @returns {string|undefined}
 */
function kindOf(node) {
  const { control = 'input', type = '', mediatype, appearance = '' } = node.def
  const isTyped = control === 'input'
  if (isTyped && PLAIN_DATE.test(`${type} ${appearance}`)) return 'date'
  if (CAPTURED.test(isTyped ? type : control) || (isTyped && CAPTURED_APPEARANCE.test(appearance))) return [control, type, mediatype, appearance].join()
  if (LAID_OUT.test(`${control} ${appearance}`)) return [control, appearance].join()
  if (isTyped && NUMBER.test(type) && (IS_IPHONE || namesNegative(node.def.constraint) || hasAppearance(node, 'thousands-sep'))) return 'dressed'
  return control in LATER ? control : undefined
}

/**
 * @param {string} kind
 * @param {FormNode['def']} def
 */
async function load(kind, def) {
  const fetched = LATER[kind]?.() ?? (def.itemset ? import('./choices.js') : import('./capture.js')).then(({ fetchWidget }) => fetchWidget(def))
  const module = await fetched
  loaded.set(kind, module)
  return module
}

/**
 * Fetches the widgets of questions that come soon. Without a network there is nothing to fetch: the page itself then
 * asks again, and says so.
 *
 * @param {FormNode[]} nodes
 */
export function warmUp(nodes) {
  for (const node of nodes) {
    if (node.kind === 'question') Promise.resolve(widgetFor(node)).catch(() => {})
    else warmUp(node.children)
  }
}
