/** Writing down a door, new or known: its address or name, its community, a note. */

import { el } from '../dom.js'
import { language, t } from '../i18n/i18n.js'
import { myPlaces, nameIn } from '../places.js'

/** @typedef {import('../application.js').App} App */
/** @typedef {{label: string, note: string, place: string | null}} Written */

/**
 * A text field with its label, hint and error.
 * @param {string} name also of its words, `door.<name>`
 * @param {Record<string, any>} properties of the input
 * @param {string} [label]
 * @param {string} [hint]
 */
export function field(name, properties, label = t(`door.${name}`), hint = '') {
  const error = el('p', { class: 'field__error', id: `${name}-error`, role: 'alert' })
  const input = el('input', { id: `field-${name}`, 'aria-describedby': `${hint ? `${name}-hint ` : ''}${name}-error`, ...properties })
  const element = el('div', { class: 'field' },
    el('label', { class: 'field__label', for: `field-${name}` }, label),
    hint && el('p', { class: 'soft small', id: `${name}-hint` }, hint),
    input, error)
  return {
    element,
    value: () => input.value.trim(),
    /** Shows what is the matter, '' for nothing. Gives whether nothing is. @param {string} problem */
    check(problem) {
      error.textContent = problem
      if (problem) input.setAttribute('aria-invalid', 'true')
      else input.removeAttribute('aria-invalid')
      if (problem) input.focus()
      return problem === ''
    },
  }
}

/**
 * The form.
 * @param {App} app
 * @param {Written} written
 * @param {(written: Written) => Promise<void>} save
 */
export function doorForm(app, written, save) {
  const label = field('label', { value: written.label, maxlength: 120, autocomplete: 'off', enterkeyhint: 'done' }, undefined, t('door.label_hint'))
  const note = field('note', { value: written.note, maxlength: 300, autocomplete: 'off', enterkeyhint: 'done' }, undefined, t('door.optional'))
  const place = placeField(app, written.place)
  const submit = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault()
    if (!label.check(label.value() === '' ? t('door.label_missing') : '')) return
    button.disabled = true
    await save({ label: label.value(), note: note.value(), place: place ? place.value() : written.place })
    button.disabled = false
  }
  const button = el('button', { class: 'button button--primary button--large button--block', 'data-action': 'save-door' }, t('door.save'))
  return el('form', { class: 'stack', novalidate: true, onsubmit: submit }, label.element, place?.element, note.element, button)
}

/** A choice of the volunteer's communities; null where the survey has none. @param {App} app @param {string | null} present */
function placeField(app, present) {
  const groups = myPlaces(app.state.world)
  if (groups.length === 0) return null
  const option = (/** @type {import('../store/types.js').Place} */ { code, names }) => el('option', { value: code, selected: code === present }, nameIn(names, language(), code))
  const select = el('select', { id: 'field-place' },
    ...groups.map(({ parent, places }) => parent ? el('optgroup', { label: nameIn(parent.names, language(), parent.code) }, ...places.map(option)) : el('optgroup', { label: t('home.mine') }, ...places.map(option))))
  return { element: el('div', { class: 'field' }, el('label', { class: 'field__label', for: 'field-place' }, t('door.place')), select), value: () => select.value }
}
