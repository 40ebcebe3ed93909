/** Agreeing on a call: when to come again, and at which door. */

import { el } from '../dom.js'
import { callTimes, doorLabelled, localInput, newDoor, noted, told } from '../doors.js'
import { t } from '../i18n/i18n.js'
import { doorOf } from '../store/doors.js'
import { fetchDoorWords, timeOf } from './door-words.js'
import { labelOf } from './door-row.js'
import { field } from './door-form.js'
import { keepDoor } from './keep-door.js'

/** @typedef {import('../application.js').App} App */
/** @typedef {import('../store/types.js').Door} Door */
/** @typedef {import('../store/types.js').Draft} Draft */

/**
 * Asks when to call again for a draft, and at which door where that is not known, and keeps the answer. Gives whether it is kept.
 * @param {App} app
 * @param {Draft} draft
 */
export async function askForCall(app, draft) {
  await fetchDoorWords()
  const { doors } = app.state
  const known = doorOf(doors, draft)
  return askForTime(known ? labelOf(known) : null, draft.name ?? '', async (at, label) => {
    const now = Date.now()
    const door = known ?? doorLabelled(doors, draft.place, label) ?? newDoor({ id: crypto.randomUUID(), author: draft.author, place: draft.place, label, note: '' }, now)
    return keepDoor(app, told({ ...noted(door, 'call_again', now, at), response: draft.id }, crypto.randomUUID()))
  })
}

/**
 * The dialog. Gives whether something was agreed and kept.
 * @param {string | null} door what the door is called; null: asked for
 * @param {string} proposal what it may be called
 * @param {(at: number, label: string) => Promise<boolean>} keep gives whether it is kept; the dialog stays open where not
 * @returns {Promise<boolean>}
 */
export function askForTime(door, proposal, keep) {
  return new Promise((resolve) => {
    const times = timeChoice()
    const label = door === null ? field('label', { value: proposal, maxlength: 120, autocomplete: 'off' }) : null
    const submit = async (/** @type {Event} */ event) => {
      event.preventDefault()
      const isLabelled = !label || label.check(label.value() === '' ? t('door.label_missing') : '')
      const at = times.value()
      if (!isLabelled || at === null) return
      save.disabled = true
      if (await keep(at, label?.value() ?? '')) dialog.close('kept')
      save.disabled = false
    }
    const save = el('button', { class: 'button button--primary' }, t('call.save'))
    const dialog = el('dialog', { class: 'dialog', 'aria-labelledby': 'call-title' },
      el('form', { class: 'stack', novalidate: true, onsubmit: submit },
        el('h2', { id: 'call-title' }, t('call.title')),
        door !== null && el('p', { class: 'soft' }, door),
        times.element,
        label?.element,
        el('div', { class: 'dialog__buttons' }, el('button', { class: 'button', type: 'button', onclick: () => dialog.close('') }, t('app.cancel')), save)))
    dialog.addEventListener('close', () => {
      dialog.remove()
      resolve(dialog.returnValue === 'kept')
    })
    document.body.append(dialog)
    dialog.showModal()
  })
}

/** Times to choose from, the first one chosen; and one of the volunteer's own. */
function timeChoice() {
  const now = Date.now()
  const times = callTimes(now)
  const own = field('own', { type: 'datetime-local', value: localInput(times[0].at), min: localInput(now) }, t('call.own_label'))
  own.element.hidden = true
  const option = (/** @type {string} */ name, /** @type {string} */ words, /** @type {boolean} */ isFirst) => el('label', { class: 'chip' },
    el('input', { type: 'radio', name: 'time', value: name, checked: isFirst, onchange: () => { own.element.hidden = chosen() !== 'own' } }),
    el('span', {}, words))
  const element = el('fieldset', { class: 'stack' }, el('legend', { class: 'visually-hidden' }, t('call.title')),
    el('div', { class: 'chips' },
      ...times.map(({ name, at }, index) => option(name, t(`call.${name}`, { time: timeOf(at) }), index === 0)),
      option('own', t('call.own'), false)),
    own.element)
  const chosen = () => /** @type {HTMLInputElement | null} */ (element.querySelector('[name=time]:checked'))?.value
  return {
    element,
    /** The time, null where there is none yet to come. */
    value() {
      const offered = times.find(({ name }) => name === chosen())
      if (offered) return offered.at
      const at = new Date(own.value()).getTime()
      return own.check(at > Date.now() ? '' : t('call.own_missing')) ? at : null
    },
  }
}
