/** @import { Widget, WidgetContext } from '../fill/types.js' */
import { el } from '../dom.js'
import { t } from '../i18n/i18n.js'
import { create as createGregorian, dateWidget, inWords, joinDate, splitDate } from './date.js'
import { hasAppearance } from './input.js'
import { fromGregorian, isKnown, toGregorian } from './reckoning.js'

/** Calendars by the form's appearance, as Intl names them. What Intl does not know is not in it. */
const CALENDARS = new Map([['buddhist', 'buddhist'], ['coptic', 'coptic'], ['ethiopian', 'ethiopic'], ['islamic', 'islamic-civil'], ['persian', 'persian']])

/**
 * A date typed in another calendar, kept as the Gregorian date, which is shown beneath. What is no whole date there stays
 * as it was typed, behind the calendar's name: `persian 1403-12-`.
 *
 * @param {WidgetContext} context
 * @returns {Widget}
 */
export function create(context) {
  const appearance = [...CALENDARS.keys()].find((word) => hasAppearance(context.node, word)) ?? ''
  const calendar = CALENDARS.get(appearance)
  if (!calendar || !isKnown(calendar)) {
    const widget = createGregorian(context)
    return { ...widget, element: el('div', {}, el('p', { class: 'notice' }, t('widget.no_such_calendar')), widget.element) }
  }
  return dateWidget(context, {
    join: (parts) => {
      const typed = joinDate(parts)
      const isWhole = parts.length === 3 && parts[0].length === 4 && parts[1] !== '' && parts[2] !== ''
      return typed && ((isWhole && toGregorian(calendar, parts.map(Number))) || `${calendar} ${typed}`)
    },
    split: (value) => {
      if (value.startsWith(`${calendar} `)) return splitDate(value.slice(calendar.length + 1))
      return fromGregorian(calendar, value)?.map(String) ?? ['', '', '']
    },
    inWords: (value, count) => {
      const own = inWords(value, count, calendar)
      return own && `${own}\n${t('widget.gregorian', { date: inWords(value, 3) })}`
    },
  })
}
