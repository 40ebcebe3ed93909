/** Settings of the PIN, and the way to another volunteer of this phone. */

import { el } from '../dom.js'
import { t } from '../i18n/i18n.js'
import { lock, watch } from '../vault/lock.js'
import { changePin, removePin, setPin } from '../vault/pin.js'
import { fetchWords } from '../vault/words.js'
import { pinForm, refusal } from './pin-form.js'

/** @typedef {import('../application.js').App} App */

/** Gives the function that draws the settings' part. @param {App} app */
export async function openPinSettings(app) {
  await fetchWords()
  return () => el('section', { class: 'card stack', 'data-part': 'pin' },
    el('h2', { class: 'card__title' }, t('pin.title')),
    el('p', {}, t(app.state.hasPin ? 'pin.is_set' : 'pin.why')),
    ...(app.state.hasPin ? withPin(app) : withoutPin(app)),
    (app.state.people.length > 1) && action('people.switch', () => lock(app)),
    el('p', { class: 'soft small' }, t('people.add')))
}

/** @param {string} key @param {() => void} onclick @param {string} [tone] */
function action(key, onclick, tone = '') {
  return el('button', { class: `button ${tone}`, type: 'button', 'data-action': key, onclick }, t(key))
}

/** @param {App} app */
function withoutPin(app) {
  if (!app.state.world.sealing_key) return [el('p', { class: 'soft' }, t('pin.needs_signal'))]
  return [action('pin.set', () => askForPin(app))]
}

/** Lets the volunteer set a PIN, where the server's key is here. Resolves when the dialog is closed, with a PIN or without. @param {App} app @returns {Promise<void>} */
export async function askForPin(app) {
  const { sealing_key: sealingKey } = app.state.world
  if (!sealingKey) return
  await openDialog(app, 'pin.set', ['new', 'again'], async (values) => {
    await setPin(app.database, app.state.device?.user.id ?? '', values.new, sealingKey)
    watch(app)
    return ''
  })
}

/** @param {App} app */
function withPin(app) {
  const { database } = app
  const user = app.state.device?.user.id ?? ''
  const said = async (/** @type {boolean} */ isRight) => (isRight ? '' : refusal(database, user))
  return [
    action('pin.lock', () => lock(app)),
    action('pin.change', () => openDialog(app, 'pin.change', ['old', 'new', 'again'], async (values) => said(await changePin(database, user, values.old, values.new)))),
    action('pin.remove', () => openDialog(app, 'pin.remove', ['old'], async (values) => said(await removePin(database, user, values.old))), 'button--danger'),
  ]
}

/**
 * @param {App} app
 * @param {string} title key
 * @param {import('./pin-form.js').Field[]} fields
 * @param {(values: Record<string, string>) => Promise<string>} submit
 * @returns {Promise<void>} resolves when it is closed
 */
function openDialog(app, title, fields, submit) {
  const dialog = el('dialog', { class: 'dialog', 'aria-labelledby': 'pin-title' })
  const work = async (/** @type {Record<string, string>} */ values) => {
    const wrong = await submit(values)
    if (wrong) return wrong
    dialog.close()
    await app.changed()
    return ''
  }
  dialog.append(
    el('h2', { id: 'pin-title' }, t(title)),
    ...(fields.includes('new') ? [el('p', { class: 'soft' }, t('pin.choose'))] : []),
    pinForm({ fields, button: fields.includes('new') ? 'pin.save' : title, submit: work, isDanger: title === 'pin.remove' }),
    el('button', { class: 'button button--quiet button--block', type: 'button', onclick: () => dialog.close() }, t('app.cancel')))
  document.body.append(dialog)
  dialog.showModal()
  return new Promise((resolve) => dialog.addEventListener('close', () => {
    dialog.remove()
    resolve()
  }))
}
