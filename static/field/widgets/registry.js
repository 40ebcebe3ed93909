/** @import { Form, FormNode, WidgetModule } from '../fill/types.js' */
import { hasAppearance } from './input.js'
import * as number from './number.js'
import * as readonly from './readonly.js'
import * as text from './text.js'

/** More choices than this are searched, even where the form asks for the phone's own picker: that one has no search. */
const PICKER_LIMIT = 60

/**
 * Fetched when the first question of their kind comes near: the first page of a form then needs few bytes on a slow
 * network. The service worker has all of them in store.
 *
 * @type {Record<string, () => Promise<WidgetModule>>}
 */
const LATER = {
  date: () => import('./date.js'),
  geopoint: () => import('./geopoint.js'),
  image: () => import('./image.js'),
  minimal: () => import('./select_minimal.js'),
  range: () => import('./range.js'),
  rank: () => import('./rank.js'),
  select: () => import('./select_multiple.js'),
  select1: () => import('./select_one.js'),
  time: () => import('./time.js'),
  trigger: () => import('./trigger.js'),
  upload: () => import('./upload.js'),
}

/** @type {Record<string, string>} */
const BY_TYPE = { date: 'date', time: 'time', dateTime: 'time', geopoint: 'geopoint' }

/** @type {Map<string, WidgetModule>} those that have come: shown at once from then on */
const loaded = new Map()

/**
 * Gives the widget for a question: the module, or a promise of it where it is still to come. What no entry knows is
 * typed as text, so that nothing is unfillable.
 *
 * @param {Form} form
 * @param {FormNode} node
 * @returns {WidgetModule|Promise<WidgetModule>}
 */
export function widgetFor(form, node) {
  const { type = '' } = node.def
  if (node.isReadonly || hasAppearance(node, 'label')) return readonly
  const kind = kindOf(form, node)
  if (kind) return loaded.get(kind) ?? load(kind)
  return type === 'int' || type === 'decimal' ? number : text
}

/**
 * @param {Form} form
 * @param {FormNode} node
 * @returns {string|undefined}
 */
function kindOf(form, node) {
  const { control = 'input', type = '', mediatype = '' } = node.def
  if (control === 'input') return BY_TYPE[type]
  if (control === 'upload') return mediatype.startsWith('image/') ? 'image' : 'upload'
  const isPicker = control === 'select1' && hasAppearance(node, 'minimal') && form.choices(node).length <= PICKER_LIMIT
  return isPicker ? 'minimal' : control in LATER ? control : undefined
}

/** @param {string} kind */
async function load(kind) {
  const module = await LATER[kind]()
  loaded.set(kind, module)
  return module
}

/**
 * Fetches the widgets of questions that come soon. Without a network there is nothing to fetch: the page itself then
 * asks again, and says so.
 *
 * @param {Form} form
 * @param {FormNode[]} nodes
 */
export function warmUp(form, nodes) {
  for (const node of nodes) {
    if (node.kind === 'question') Promise.resolve(widgetFor(form, node)).catch(() => {})
    else warmUp(form, node.children)
  }
}
