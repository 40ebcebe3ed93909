/** The widgets that few forms use, in one file; capture.js fetches it for a form that needs one. */

/** @import { WidgetModule } from '../fill/types.js' */
import { el } from '../dom.js'
import { t } from '../i18n/i18n.js'
import { create as createAudio } from './audio.js'
import { create as createBarcode } from './barcode.js'
import { create as createBearing } from './bearing.js'
import { create as createCalendar } from './calendar.js'
import { create as createCounter } from './counter.js'
import { create as createDraw } from './draw.js'
import { create as createLine } from './line.js'
import { create as createNumber } from './number.js'
import { create as createText } from './text.js'

/** By the kinds of capture.js. @type {Record<string, WidgetModule>} */
export const RARE_WIDGETS = {
  audio: { create: createAudio, isGroup: true },
  barcode: { create: createBarcode },
  bearing: { create: createBearing },
  calendar: { create: createCalendar, isGroup: true },
  counter: { create: createCounter },
  draw: { create: createDraw, isGroup: true },
  geoshape: { create: createLine, isGroup: true },
  geotrace: { create: createLine, isGroup: true },
  number: { create: createNumber },
  text: { create: createText },
}

/**
 * Gives the widget with a note before it: the question was made for an app of Android (appearance `ex:…`), which a web
 * page cannot open; the answer is given here.
 *
 * @param {WidgetModule} widget
 * @returns {WidgetModule}
 */
export function besideNote({ create, isGroup }) {
  return {
    isGroup,
    create: (context) => {
      const inner = create(context)
      const app = /(?:^| )ex:([^( ]*)/.exec(context.node.def.appearance ?? '')?.[1] ?? ''
      return { ...inner, element: el('div', {}, el('p', { class: 'notice' }, t('widget.external', { app })), inner.element) }
    },
  }
}
