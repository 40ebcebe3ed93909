/** One door: what is known of it, what happened there, and the questionnaire under the thumb. */

import { ask, el, icon, showChildren } from '../dom.js'
import { draftAt, isDone, newDoor, noted, told } from '../doors.js'
import { language, shortTime, t } from '../i18n/i18n.js'
import { placeName } from '../places.js'
import { startDraft } from '../start.js'
import { deleteDoor } from '../store/door-changes.js'
import { outsideWindow } from '../window.js'
import { askForTime } from './call-again.js'
import { formTitle } from './cards.js'
import { doorForm } from './door-form.js'
import { doorPicture, labelOf, stateIcon, stateOf } from './door-row.js'
import { fetchDoorWords } from './door-words.js'
import { keepDoor } from './keep-door.js'
import { lastBegun } from './more.js'
import { formRow, formsAt } from './place.js'

/** @typedef {import('../application.js').App} App */
/** @typedef {import('../router.js').View} View */
/** @typedef {import('../store/types.js').Door} Door */
/** @typedef {import('../store/types.js').Outcome} Outcome */

/** @param {App} app @param {string} id `new`: one that is not written down yet @returns {Promise<View>} */
export async function openDoor(app, id) {
  await fetchDoorWords()
  return id === 'new' ? newDoorView(app) : doorView(app, id)
}

/** @param {App} app @returns {View} */
function newDoorView(app) {
  const latest = app.state.doors.reduce((/** @type {Door | null} */ last, door) => (last && last.created_at > door.created_at ? last : door), null)
  const place = new URLSearchParams(location.search).get('place') || latest?.place || null
  const save = async (/** @type {import('./door-form.js').Written} */ written) => {
    const door = newDoor({ id: crypto.randomUUID(), author: app.state.device?.user.id ?? '', ...written }, Date.now())
    if (await keepDoor(app, door)) await app.router.go(`/app/door/${door.id}`, { replace: true })
  }
  const element = el('main', { class: 'page' }, header(app, t('door.new'), ''), doorForm(app, { label: '', note: '', place }, save))
  return { element, tab: 'doors' }
}

/**
 * What may be done on a door's page. Each finds the door anew: buttons that look the same stay while it changes.
 * @typedef {{note: (outcome: Outcome) => void, call: () => void, undo: () => void, edit: () => void, remove: () => void}} Acts
 */

/** @param {App} app @param {string} id @returns {View} */
function doorView(app, id) {
  const element = el('main', { class: 'page' })
  /** What can be taken back, and the form while the door is being edited. @type {{before: Door | null, form: HTMLElement | null}} */
  const state = { before: null, form: null }
  const find = () => app.state.doors.find((door) => door.id === id)
  const put = async (/** @type {Door} */ door, /** @type {Door | null} */ before) => {
    if (!(await keepDoor(app, door))) return false
    state.before = before
    update()
    return true
  }
  const note = async (/** @type {Outcome} */ outcome, /** @type {number | null} */ callAt = null) => {
    const door = find()
    return door !== undefined && put(told(noted(door, outcome, Date.now(), callAt), crypto.randomUUID()), door)
  }
  const focusOn = (/** @type {string} */ selector) => /** @type {HTMLElement | null} */ (element.querySelector(selector))?.focus()
  const endEdit = async () => {
    state.form = null
    await app.refresh()
    focusOn('[data-action=edit-door]')
  }
  /** @type {Acts} */
  const acts = {
    note,
    call: () => askForTime(labelOf(/** @type {Door} */ (find())), '', (at) => note('call_again', at)),
    undo: async () => {
      const door = find()
      if (state.before && door && (await put(takenBack(state.before, door), null))) focusOn('[data-outcome]')
    },
    edit: async () => {
      const door = /** @type {Door} */ (find())
      state.form = doorForm(app, door, async (written) => {
        // A record that could not be read is written anew.
        if (await keepDoor(app, { .../** @type {Door} */ (find()), ...written, sealed: undefined, updated_at: Date.now() })) await endEdit()
      })
      await app.refresh()
      focusOn('input')
    },
    remove: async () => {
      const label = labelOf(/** @type {Door} */ (find()))
      if (!(await ask({ title: t('door.delete_sure', { label }), text: t('door.delete_why'), yes: t('door.delete'), no: t('app.cancel'), isDanger: true }))) return
      await deleteDoor(app.database, id)
      await app.changed()
      app.router.leave('/app/doors')
    },
  }
  const update = () => {
    const door = find()
    if (!door) showChildren(element, [header(app, t('door.gone'), '')])
    else if (state.form) showChildren(element, [header(app, t('door.edit'), '', endEdit), state.form])
    else showChildren(element, content(app, door, state.before !== null, acts))
  }
  update()
  const action = () => {
    const door = find()
    return door && !state.form ? mainAction(app, door) : null
  }
  return { element, tab: 'doors', action, update }
}

/** The door as it was before what was noted last; the office hears that it is taken back. @param {Door} before @param {Door} present */
function takenBack(before, { visits, tries }) {
  return told({ ...before, visits, tries }, crypto.randomUUID(), { isTakenBack: true, at: Date.now() })
}

/** @param {App} app @param {string} title @param {string} below @param {() => void} [back] */
function header(app, title, below, back = () => app.router.leave('/app/doors')) {
  return el('header', { class: 'head' },
    el('button', { class: 'button button--quiet button--icon', type: 'button', 'aria-label': t('app.back'), onclick: back }, icon('back')),
    el('div', {}, el('h1', { class: 'head__title' }, title), below && el('p', { class: 'soft small' }, below)))
}

/** @param {App} app @param {Door} door @param {boolean} canUndo @param {Acts} acts @returns {HTMLElement[]} */
function content(app, door, canUndo, acts) {
  const state = stateOf(door, Date.now())
  return [
    header(app, labelOf(door), [placeName(app.state.world, door.place, language()), door.list_name].filter(Boolean).join(' · ')),
    el('p', { class: `door__state row__status--${state.tone}`, role: 'status', 'data-state': door.state }, stateIcon(door, Date.now()), state.text),
    el('div', { role: 'status' }, canUndo && undoNotice(acts)),
    ...(door.note ? [el('p', { class: 'card' }, door.note)] : []),
    el('section', { class: 'stack' }, el('h2', {}, t('door.what')), el('div', { class: 'rows' },
      outcome('nobody_home', 'nobody', () => acts.note('nobody_home')),
      outcome('call_again', 'clock', acts.call),
      outcome('refused', 'refused', () => acts.note('refused')),
      outcome('moved', 'moved', () => acts.note('moved')))),
    ...otherForms(app, door),
    ...attempts(door),
    door.origin === 'list' ? sending(door) : el('div', { class: 'door__ends' },
      el('button', { class: 'button', type: 'button', 'data-action': 'edit-door', onclick: acts.edit }, t('door.edit')),
      el('button', { class: 'button button--quiet door__delete', type: 'button', 'data-action': 'delete-door', onclick: acts.remove }, t('door.delete'))),
  ]
}

/** @param {string} name @param {string} picture @param {() => void} onclick */
function outcome(name, picture, onclick) {
  return el('button', { class: 'row row--button', type: 'button', 'data-outcome': name, onclick }, doorPicture(picture), el('span', { class: 'row__main row__title' }, t(`door.${name}`)))
}

/** @param {Acts} acts */
function undoNotice(acts) {
  return el('div', { class: 'notice safety' },
    el('p', { class: 'notice__text' }, t('door.noted')),
    el('button', { class: 'button button--quiet button--small', type: 'button', 'data-action': 'undo', onclick: acts.undo }, t('door.undo')))
}

/** What happened so far, the last first. @param {Door} door @returns {HTMLElement[]} */
function attempts(door) {
  if (door.attempts.length === 0) return []
  const lines = [...door.attempts].reverse().map(({ at, outcome: what }) =>
    el('li', { class: 'attempt' }, el('span', { class: 'soft' }, shortTime(at)), el('span', {}, t(`door.attempt_${what}`))))
  return [el('section', { class: 'stack' }, el('h2', {}, t('door.attempts')), el('ol', { class: 'card attempts' }, ...lines))]
}

/** What the office knows of a door of its own. @param {Door} door */
function sending({ visits = [] }) {
  const isRefused = visits.some(({ status }) => status)
  return el('p', { class: 'soft small', role: 'status', 'data-visits': visits.length }, t(isRefused ? 'door.not_taken' : visits.length > 0 ? 'door.visits_wait' : 'door.of_list'))
}

/** The questionnaires that may be begun here now, that of the door's list in front, else the one begun last. @param {App} app @param {Door} door */
function openForms(app, door) {
  const first = door.form ?? lastBegun(app)?.form
  return formsAt(app, door.place)
    .filter((form) => form.model in app.state.models && !outsideWindow(form, Date.now()))
    .sort((one, other) => Number(other.id === first) - Number(one.id === first))
}

/** The questionnaire under the thumb: the one that was begun here, else one to begin while the door is not done. @param {App} app @param {Door} door */
function mainAction(app, door) {
  const draft = draftAt(app.state.drafts, door)
  if (draft) return thumb(t('door.continue'), formTitle(app, draft.form, draft.title), `continue ${draft.id}`, () => app.router.go(`/app/fill/${draft.id}`))
  const [form] = openForms(app, door)
  if (!form || isDone(door)) return null
  return thumb(t('door.start'), formTitle(app, form.id, form.title), `start ${form.model}`, () => startDraft(app, form, door.place, { door: door.id }))
}

/** @param {string} words @param {string} what @param {string} action @param {() => void} onclick */
function thumb(words, what, action, onclick) {
  return el('button', { class: 'button button--primary button--block dock__button', type: 'button', 'data-action': action, onclick },
    el('span', { class: 'dock__main' }, words), el('span', { class: 'dock__note' }, what))
}

/** The questionnaires that are not under the thumb. @param {App} app @param {Door} door @returns {HTMLElement[]} */
function otherForms(app, door) {
  const draft = draftAt(app.state.drafts, door)
  const main = draft?.form ?? (isDone(door) ? undefined : openForms(app, door)[0]?.id)
  const others = openForms(app, door).filter(({ id }) => id !== main)
  if (others.length === 0) return []
  return [el('section', { class: 'stack' }, el('h2', {}, t('door.other_forms')), el('div', { class: 'rows' }, ...others.map((form) => formRow(app, form, door.place, door.id))))]
}
