/** @import { Widget, WidgetContext } from '../fill/types.js' */
import { el } from '../dom.js'
import { t } from '../i18n/i18n.js'

export const isGroup = true

/**
 * A number between `start` and `end` in steps, on a slider with a button at each end for the fine setting. An untouched
 * slider is no answer, and looks like none: it shows a dash until it is used.
 *
 * @param {WidgetContext} context
 * @returns {Widget}
 */
export function create({ node, changed, register }) {
  const { start = '1', end = '10', step = '1' } = node.def.parameters ?? {}
  const [low, high, by] = [Number(start), Number(end), Math.abs(Number(step)) || 1]
  const places = Math.max(decimals(start), decimals(step))
  const slider = el('input', { type: 'range', class: 'range__slider', min: Math.min(low, high), max: Math.max(low, high), step: by })
  const shown = el('output', { class: 'range__value' })
  register(slider)

  const show = () => {
    shown.textContent = node.value || '–'
    slider.classList.toggle('range__slider--unset', !node.value)
    slider.setAttribute('aria-valuetext', node.value || t('widget.unset'))
  }
  const put = () => {
    changed(slider.valueAsNumber.toFixed(places))
    show()
  }
  const update = () => {
    slider.value = node.value || String(Math.min(low, high))
    show()
  }
  // A tap where the thumb already lies is an answer too, though the slider's own value does not change by it.
  for (const event of ['input', 'pointerup', 'keyup']) {
    slider.addEventListener(event, (e) => { if (!(e instanceof KeyboardEvent) || e.key !== 'Tab') put() })
  }
  const nudge = (/** @type {1|-1} */ sign) => el('button', { type: 'button', class: 'button', 'aria-label': t(sign > 0 ? 'widget.more_by' : 'widget.less_by', { step }), onclick: () => {
    if (node.value) sign > 0 ? slider.stepUp() : slider.stepDown()
    put()
  } }, sign > 0 ? '+' : '−')
  update()
  const ends = el('div', { class: 'range__ends soft small', 'aria-hidden': 'true' }, el('span', {}, String(Math.min(low, high))), el('span', {}, String(Math.max(low, high))))
  return { element: el('div', { class: 'range' }, shown, el('div', { class: 'range__row' }, nudge(-1), slider, nudge(1)), ends), update, focus: () => slider.focus() }
}

/** @param {string} text */
function decimals(text) {
  return (text.split('.')[1] ?? '').length
}
