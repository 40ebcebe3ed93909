/** Rows of lists that more than one view shows. */

import { el, icon } from '../dom.js'
import { placeName, nameIn } from '../places.js'
import { language, shortTime, t } from '../i18n/i18n.js'

/** @typedef {import('../application.js').App} App */
/** @typedef {import('../store/types.js').Draft} Draft */
/** @typedef {import('../store/types.js').FormInfo} FormInfo */
/** @typedef {import('../store/types.js').Progress} Progress */
/** @typedef {import('../store/types.js').Summary} Summary */

/** Title of a form in the client's language. @param {App} app @param {string} id @param {string} fallback */
export function formTitle(app, id, fallback) {
  const form = app.state.world.forms.find((candidate) => candidate.id === id)
  return form ? nameIn(form.titles, language(), form.title) : fallback
}

/** Where a response belongs and what it is called, without saying the place twice. @param {App} app @param {Pick<Summary, 'place' | 'name'>} summary */
export function placeAndName(app, { place, name }) {
  const where = placeName(app.state.world, place, language())
  return name.includes(where) ? [name] : [where, name]
}

/** A draft that can be continued. @param {App} app @param {Draft} draft */
export function draftCard(app, draft) {
  return el('a', { class: 'row', href: `/app/fill/${draft.id}`, 'data-draft': draft.id },
    icon('draft'),
    el('span', { class: 'row__main' },
      el('span', { class: 'row__title' }, formTitle(app, draft.form, draft.title)),
      el('span', { class: 'row__note' }, [...placeAndName(app, { place: draft.place, name: draft.name ?? '' }), shortTime(draft.updated_at)].filter(Boolean).join(' · '))),
    icon('next'))
}

/**
 * Sum of the figures of all forms, or of one, at a place.
 * @param {Progress[]} progress
 * @param {string} place
 * @param {string} [form]
 */
export function figuresAt(progress, place, form) {
  const own = progress.filter((figure) => figure.place === place && (form === undefined || figure.form === form))
  const sum = (/** @type {(figure: Progress) => number} */ pick) => own.reduce((total, figure) => total + pick(figure), 0)
  return { target: sum((figure) => figure.target ?? 0), received: sum((figure) => figure.received), forms: own.length }
}

/** The figures in words, and as a bar where there is a target. @param {{target: number, received: number, forms: number}} figures `forms`: of so many questionnaires together */
export function progressLine({ target, received, forms }) {
  if (target === 0) return el('span', { class: 'row__note' }, t('home.received', { received }))
  const words = el('span', { class: 'row__note' }, t(forms > 1 ? 'home.progress_several' : 'home.progress', { forms, received, target }))
  const meter = el('span', { class: 'meter', 'aria-hidden': 'true' })
  const part = el('span', { class: 'meter__part' })
  part.style.inlineSize = `${Math.min(100, (100 * received) / target)}%`
  meter.append(part)
  return el('span', { class: 'row__progress' }, words, meter)
}
