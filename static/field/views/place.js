/** One community: its questionnaires, each a tap from its first question, its drafts, and its doors. */

import { el, icon, showChildren } from '../dom.js'
import { language, shortTime, t } from '../i18n/i18n.js'
import { nameIn, pathTo, placeName } from '../places.js'
import { startDraft } from '../start.js'
import { outsideWindow } from '../window.js'
import { fetchMore } from './begun.js'
import { draftCard, figuresAt, progressLine } from './cards.js'

/** @typedef {import('../application.js').App} App */
/** @typedef {import('../store/types.js').FormInfo} FormInfo */

/** @param {App} app @param {string | null} code null: forms that ask for no place @returns {Promise<import('../router.js').View>} */
export async function openPlace(app, code) {
  const more = await fetchMore(app)
  const element = el('main', { class: 'page' })
  const update = () => showChildren(element, content(app, code, more))
  update()
  return { element, tab: 'home', update }
}

/** @param {App} app @param {string | null} code @param {import('./begun.js').More} more @returns {HTMLElement[]} */
function content(app, code, more) {
  const forms = formsAt(app, code)
  const drafts = app.state.drafts.filter((draft) => draft.place === code && !draft.returned)
  const parts = [header(app, code), el('h2', {}, t('place.forms'))]
  if (forms.length === 0) parts.push(el('p', { class: 'soft' }, t('place.none')))
  parts.push(el('div', { class: 'rows' }, ...forms.map((form) => formRow(app, form, code))))
  if (drafts.length > 0) {
    parts.push(el('section', { class: 'stack' },
      el('h2', {}, t('home.continue')),
      el('div', { class: 'rows' }, ...drafts.map((draft) => draftCard(app, draft)))))
  }
  if (more) parts.push(...more.doorsAt(app, code))
  // Without communities all doors are here; of a survey that has some, each door is in one.
  if (code !== null || app.state.world.places.length === 0) {
    parts.push(el('button', { class: 'button', type: 'button', 'data-action': 'add-door', onclick: () => app.router.go(`/app/door/new?place=${encodeURIComponent(code ?? '')}`) }, t('place.add_door')))
  }
  return parts
}

/** The questionnaires that are filled in at a place. @param {App} app @param {string | null} code */
export function formsAt(app, code) {
  const { world, models } = app.state
  if (code === null && world.places.length > 0) return world.forms.filter((form) => models[form.model] === false)
  return world.forms.filter((form) => code === null || models[form.model] !== false)
}

/** @param {App} app @param {string | null} code */
function header(app, code) {
  const { world } = app.state
  const above = code === null ? [] : pathTo(world.places, code).slice(0, -1)
  return el('header', { class: 'head' },
    el('a', { class: 'button button--quiet button--icon', href: '/app/', 'aria-label': t('app.back') }, icon('back')),
    el('div', {},
      el('h1', { class: 'head__title' }, code === null ? t('place.no_place') : placeName(world, code, language())),
      above.length > 0 && el('p', { class: 'soft small' }, above.map((place) => nameIn(place.names, language(), place.code)).join(' · '))))
}

/** A questionnaire to begin. @param {App} app @param {FormInfo} form @param {string | null} code @param {string} [door] id of the door where it is begun */
export function formRow(app, form, code, door) {
  const isHere = form.model in app.state.models
  const loading = app.state.loading[form.model]
  const outside = outsideWindow(form, Date.now())
  const start = async (/** @type {Event} */ event) => {
    const button = /** @type {HTMLButtonElement} */ (event.currentTarget)
    button.disabled = true
    await startDraft(app, form, code, { door })
  }
  return el('button', { class: 'row row--button row--action', type: 'button', 'data-form': form.id, 'data-model': form.model, disabled: !isHere || outside !== null, onclick: start },
    el('span', { class: 'row__main' },
      el('span', { class: 'row__title' }, nameIn(form.titles, language(), form.title)),
      form.testing && el('span', { class: 'row__note row__mark' }, t('place.testing')),
      outside && el('span', { class: 'row__note' }, t(outside.key, { at: shortTime(outside.at) })),
      isHere ? code !== null && progressLine(figuresAt(app, code, form.id)) : el('span', { class: 'row__note' }, loading ? t('place.loading', loading) : t('place.not_loaded'))),
    isHere && !outside && el('span', { class: 'row__action' }, t('place.start')))
}
