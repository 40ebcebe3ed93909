/** Rows of lists that more than one view shows. */

import { el, icon } from '../dom.js'
import { placeName, nameIn } from '../places.js'
import { language, shortTime, t } from '../i18n/i18n.js'
import { doorOf } from '../store/doors.js'

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

/** A draft that can be continued, by its name or its door's. @param {App} app @param {Draft} draft */
export function draftCard(app, draft) {
  const name = draft.name || doorOf(app.state.doors, draft)?.label || ''
  return el('a', { class: 'row', href: `/app/fill/${draft.id}`, 'data-draft': draft.id },
    icon('draft'),
    el('span', { class: 'row__main' },
      el('span', { class: 'row__title' }, formTitle(app, draft.form, draft.title)),
      el('span', { class: 'row__note' }, [...placeAndName(app, { place: draft.place, name }), shortTime(draft.updated_at)].filter(Boolean).join(' · '))),
    icon('next'))
}

/**
 * The figures of all forms, or of one, at a place: what is left counts what waits on this phone as done, and one form's surplus not for another.
 * @param {App} app
 * @param {string} place
 * @param {string} [form]
 */
export function figuresAt({ state: { world, outbox } }, place, form) {
  const figures = world.progress.filter((figure) => figure.place === place && (form ?? figure.form) === figure.form)
  const waiting = (/** @type {string} */ id) => outbox.filter(({ status, summary }) => status === 'waiting' && summary.place === place && summary.form === id).length
  const sum = (/** @type {(figure: Progress) => number} */ pick) => figures.reduce((total, figure) => total + pick(figure), 0)
  return {
    forms: figures.length,
    target: sum(({ target }) => target ?? 0),
    received: sum(({ received }) => received),
    left: sum(({ form: id, target, received }) => Math.max(0, (target ?? 0) - received - waiting(id))),
  }
}

/** The figures in words, and as a bar where there is a target. @param {ReturnType<typeof figuresAt>} figures `forms`: of so many questionnaires together */
export function progressLine({ target, received, left, forms }) {
  if (target === 0) return el('span', { class: 'row__note' }, t('home.received', { received }))
  const key = left === 0 ? 'home.all_done' : forms > 1 ? 'home.left_several' : 'home.left'
  const meter = el('span', { class: 'meter', 'aria-hidden': 'true' })
  const part = el('span', { class: 'meter__part' })
  part.style.inlineSize = `${Math.round(100 - (100 * left) / target)}%`
  meter.append(part)
  return el('span', { class: 'row__progress' }, el('span', { class: 'row__note' }, t(key, { forms, left, target })), meter)
}
