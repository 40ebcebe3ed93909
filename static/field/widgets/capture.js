/** @import { NodeDef, WidgetModule } from '../fill/types.js' */
import { addWords } from '../i18n/i18n.js'
import { loadLater, loadStyle } from '../style.js'
import { create as createDate } from './date.js'
import { create as createGeopoint } from './geopoint.js'
import { create as createImage } from './image.js'
import { create as createRange } from './range.js'
import { create as createTime } from './time.js'
import { create as createUpload } from './upload.js'

/** Those that many forms use come in one file with this module; the rare ones in another. @type {Record<string, WidgetModule>} */
const WIDGETS = {
  date: { create: createDate, isGroup: true },
  geopoint: { create: createGeopoint, isGroup: true },
  image: { create: createImage, isGroup: true },
  range: { create: createRange, isGroup: true },
  time: { create: createTime, isGroup: true },
  upload: { create: createUpload, isGroup: true },
}

/** Appearances of a date that is typed in another calendar than the Gregorian one, and of a picture that is drawn, or drawn on. */
const RARE = {
  calendar: /(?:^| )(?:bikram-sambat|buddhist|coptic|ethiopian|islamic|myanmar|persian)(?: |$)/,
  draw: /(?:^| )(?:annotate|draw|signature)(?: |$)/,
}
/** An appearance that names an app of Android to ask. */
const EXTERNAL = /(?:^| )ex:/

/** @type {Promise<unknown>|null} the words and the look that these widgets share */
let shared = null

/**
 * Fetches the widget of a question that captures something: from the camera, the microphone, the compass, the clock, or
 * a finger on the screen. Rejects where it cannot be had.
 *
 * @param {NodeDef} def
 * @returns {Promise<WidgetModule>}
 */
export async function fetchWidget(def) {
  shared ??= Promise.all([
    addWords(async (code) => (await (code === 'en' ? import('../i18n/capture-en.js') : import('../i18n/capture-zh.js'))).capture),
    loadStyle(new URL('../../css/rare.css', import.meta.url).href),
    loadLater(),
  ])
  shared.catch(() => { shared = null })
  const kind = kindOf(def)
  const isExternal = EXTERNAL.test(def.appearance ?? '')
  const rare = kind in WIDGETS && !isExternal ? null : await import('./capture-rare.js')
  await shared
  const widget = WIDGETS[kind] ?? rare?.RARE_WIDGETS[kind]
  return isExternal && rare ? rare.besideNote(widget) : widget
}

/**
 * Gives which of the widgets a question needs.
 *
 * @param {NodeDef} def
 * @returns {string}
 */
export function kindOf({ control = 'input', type = '', mediatype = '', appearance = '' }) {
  if (control === 'range') return 'range'
  if (control === 'upload') {
    if (mediatype.startsWith('image/')) return RARE.draw.test(appearance) ? 'draw' : 'image'
    return mediatype.startsWith('audio/') ? 'audio' : 'upload'
  }
  if (type === 'date' && RARE.calendar.test(appearance)) return 'calendar'
  if (type === 'dateTime') return 'time'
  const isNumber = type === 'int' || type === 'decimal'
  if (!isNumber) return type === 'string' ? 'text' : type
  if (EXTERNAL.test(appearance)) return 'number'
  return /(?:^| )bearing/.test(appearance) ? 'bearing' : 'counter'
}
