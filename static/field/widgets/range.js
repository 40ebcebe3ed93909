/** @import { Form, FormNode, Widget, WidgetContext } from '../fill/types.js' */
/** @import { Scale } from './scale.js' */
import { el } from '../dom.js'
import { t } from '../i18n/i18n.js'
import { hasAppearance } from './input.js'
import { scaleOf, tickLabels, ticksOf } from './scale.js'

/** @typedef {{element: HTMLElement, update: () => void, focus: () => void}} Part */

/** Keys that mean the slider itself, Space the value at which it lies; others, let go here, were pressed on the way to it. */
const MOVES = /^(?:Arrow|Page|Home|End| )/

/** The group's legend does not name the one control in it. @param {HTMLElement} control @param {Form} form @param {FormNode} node */
function nameAfter(control, form, node) {
  control.setAttribute('aria-label', form.text(node, 'label') || node.name)
}

/**
 * A number between `start` and `end` in steps: on a slider, lying or with the appearance `vertical` standing; as stars
 * with `rating`; in the phone's own list with `picker`. Untouched it is no answer. One that is not required can be taken back.
 *
 * @param {WidgetContext} context
 * @returns {Widget}
 */
export function create(context) {
  const { node, changed } = context
  const scale = scaleOf(node.def.parameters)
  const put = (/** @type {string} */ value) => {
    changed(value)
    clear.hidden = !node.value || node.isRequired
  }
  const part = (hasAppearance(node, 'rating') ? stars : hasAppearance(node, 'picker') ? picker : slider)(context, scale, put)
  const update = () => {
    part.update()
    clear.hidden = !node.value || node.isRequired
  }
  const clear = el('button', { type: 'button', class: 'button button--quiet button--small', onclick: () => {
    put('')
    part.update()
    part.focus()
  } }, t('widget.clear'))
  update()
  return { element: el('div', { class: 'range' }, part.element, clear), update, focus: part.focus }
}

/**
 * A slider with a button at each end for the fine setting. It looks unanswered, and shows a dash, until it is used.
 *
 * @param {WidgetContext} context
 * @param {Scale} scale
 * @param {(value: string) => void} put
 * @returns {Part}
 */
function slider({ form, node, register }, scale, put) {
  const { placeholder } = node.def.parameters ?? {}
  // The slider counts steps, so that tenths add up and a scale that falls runs the same way.
  const control = el('input', { type: 'range', class: 'range__slider', min: 0, max: scale.steps, step: 1 })
  const shown = el('output', { class: 'range__value' })
  register(control)
  const update = () => {
    nameAfter(control, form, node)
    control.value = String(scale.indexOf(node.value || placeholder || '') ?? 0)
    shown.textContent = node.value || '–'
    control.classList.toggle('range__slider--unset', !node.value)
    control.setAttribute('aria-valuetext', node.value || t('widget.unset'))
  }
  const take = (/** @type {number} */ index) => {
    put(scale.valueAt(index))
    update()
  }
  // A tap where the thumb already lies is an answer too, though the slider's own value does not change by it.
  for (const event of ['input', 'pointerup', 'keyup']) {
    control.addEventListener(event, (e) => { if (!(e instanceof KeyboardEvent) || MOVES.test(e.key)) take(control.valueAsNumber) })
  }
  const nudge = (/** @type {1|-1} */ sign) => el('button', { type: 'button', class: 'button', 'aria-label': t(sign > 0 ? 'widget.more_by' : 'widget.less_by', { step: scale.step }), onclick: () => {
    take(control.valueAsNumber + (node.value ? sign * (scale.isFalling ? -1 : 1) : 0))
  } }, sign > 0 ? '+' : '−')
  const [first, last] = scale.isFalling ? [nudge(1), nudge(-1)] : [nudge(-1), nudge(1)]
  const isUpright = hasAppearance(node, 'vertical')
  const marks = marksOf(scale, hasAppearance(node, 'no-ticks') ? [] : ticksOf(scale, node.def.parameters?.['tick-interval']), tickLabels(form, node, scale), isUpright)
  const track = el('div', { class: 'range__track' }, control, marks)
  return { element: el('div', { class: isUpright ? 'range__upright' : '' }, shown, el('div', { class: 'range__row' }, first, track, last)), update, focus: () => control.focus() }
}

/**
 * Gives the ticks and labels beside a slider. Screen readers hear the value from the slider itself.
 *
 * @param {Scale} scale
 * @param {number[]} ticks steps that have a line
 * @param {Map<number, string>} labels by step
 * @param {boolean} isUpright
 */
function marksOf(scale, ticks, labels, isUpright) {
  const place = (/** @type {HTMLElement} */ mark, /** @type {number} */ index) => {
    mark.style[isUpright ? 'bottom' : 'insetInlineStart'] = `${(index / scale.steps) * 100}%`
    return mark
  }
  return el('div', { class: 'range__marks', 'aria-hidden': 'true' },
    ...ticks.map((index) => place(el('span', { class: 'range__tick' }), index)),
    ...[...labels].map(([index, label]) => place(el('span', { class: `range__label${index === 0 ? ' range__label--first' : index === scale.steps ? ' range__label--last' : ''}` }, label), index)))
}

/**
 * Stars, as many as the scale has values; those up to the chosen one are filled.
 *
 * @param {WidgetContext} context
 * @param {Scale} scale
 * @param {(value: string) => void} put
 * @returns {Part}
 */
function stars({ node, register }, scale, put) {
  const name = `stars-${node.id}`
  const total = scale.valueAt(scale.steps)
  const radios = Array.from({ length: scale.steps + 1 }, (_, index) => {
    const value = scale.valueAt(index)
    const radio = el('input', { type: 'radio', name, value, class: 'visually-hidden', 'aria-label': t('widget.stars', { value, total }), onchange: () => {
      put(value)
      update()
    } })
    register(radio)
    return radio
  })
  const labels = radios.map((radio) => el('label', { class: 'star' }, radio, '☆'))
  const update = () => {
    const chosen = scale.indexOf(node.value) ?? -1
    radios.forEach((radio, index) => {
      radio.checked = index === chosen
      labels[index].classList.toggle('star--filled', index <= chosen)
      // Filled and hollow: told apart without their colour.
      const shape = labels[index].lastChild
      if (shape) shape.textContent = index <= chosen ? '★' : '☆'
    })
  }
  return { element: el('div', { class: 'stars' }, ...labels), update, focus: () => (radios.find((radio) => radio.checked) ?? radios[0]).focus() }
}

/**
 * The values in the phone's own list.
 *
 * @param {WidgetContext} context
 * @param {Scale} scale
 * @param {(value: string) => void} put
 * @returns {Part}
 */
function picker({ form, node, register }, scale, put) {
  const values = Array.from({ length: scale.steps + 1 }, (_, index) => scale.valueAt(index))
  const control = el('select', { class: 'input', onchange: () => put(control.value) }, el('option', { value: '' }, t('widget.choose')), ...values.map((value) => el('option', { value }, value)))
  register(control)
  const update = () => {
    nameAfter(control, form, node)
    control.value = node.value
  }
  return { element: control, update, focus: () => control.focus() }
}
