/** Settings: language, how questionnaires are shown, the PIN, what the browser keeps, the file of unsent responses, the version, and signing out. */

import { ask, el, showChildren } from '../dom.js'
import { shortTime, t } from '../i18n/i18n.js'
import { signOut } from '../store/profile.js'
import { readLayout, saveLayout } from '../store/wishes.js'
import { languageChoice } from './language-choice.js'
import { askToPersist } from './notices.js'
import { openSendingSettings } from './settings-sending.js'

/** @typedef {import('../application.js').App} App */

/** @param {App} app @returns {Promise<import('../router.js').View>} */
export async function openSettings(app) {
  let isPersisted = (await navigator.storage?.persisted?.()) ?? false
  // What it needs may not be here yet, and nothing else should wait for it.
  const pin = app.state.device ? await import('./pin.js').then(({ openPinSettings }) => openPinSettings(app)).catch(() => null) : null
  const sending = await openSendingSettings(app)
  const layout = layoutChoice(app, await readLayout(app.database))
  const element = el('main', { class: 'page' })
  const update = () => showChildren(element, [
    el('h1', {}, t('app.settings')),
    languageChoice(app),
    layout(),
    sending(),
    ...(pin ? [pin()] : []),
    storage(isPersisted, async () => {
      isPersisted = await askToPersist()
      update()
    }),
    unsentFile(app),
    facts(app),
    ...(app.state.device ? [signOutButton(app)] : []),
  ])
  update()
  return { element, tab: 'settings', update }
}

/**
 * Buttons for how questionnaires are shown. Gives the function that draws them as now chosen.
 * @param {App} app
 * @param {import('../fill/wish.js').Layout} chosen
 */
function layoutChoice(app, chosen) {
  const choose = (/** @type {typeof chosen} */ layout) => {
    chosen = layout
    saveLayout(app.database, layout)
  }
  const option = (/** @type {typeof chosen} */ layout) => el('label', { class: 'choice' },
    el('input', { type: 'radio', name: 'layout', value: layout, checked: layout === chosen, onclick: () => choose(layout) }),
    el('span', {}, t(`settings.layout_${layout}`)))
  return () => el('fieldset', { class: 'card choices' }, el('legend', { class: 'card__title' }, t('settings.layout')), option('form'), option('pages'), option('scroll'))
}

/** @param {boolean} isPersisted @param {() => void} request */
function storage(isPersisted, request) {
  return el('section', { class: 'card stack' },
    el('h2', { class: 'card__title' }, t('settings.storage')),
    el('p', {}, t(isPersisted ? 'settings.storage_kept' : 'settings.storage_loose')),
    !isPersisted && el('button', { class: 'button', type: 'button', onclick: request }, t('settings.storage_ask')))
}

/** @param {App} app */
function unsentFile(app) {
  const isEmpty = app.state.outbox.length + app.state.others.length === 0
  const save = async () => (await import('../unsent-file.js')).downloadUnsent(app.database)
  return el('section', { class: 'card stack' },
    el('button', { class: 'button', type: 'button', disabled: isEmpty, 'data-action': 'export', onclick: save }, t('settings.export')),
    el('p', { class: 'soft small' }, t('settings.export_why')))
}

/** @param {App} app */
function facts(app) {
  const { device, world } = app.state
  const rows = [
    ...(device ? [[t('settings.user'), device.user.name]] : []),
    [t('settings.pulled'), world.pulled_at ? shortTime(world.pulled_at) : t('settings.never')],
    [t('settings.build'), document.documentElement.dataset.build ?? ''],
  ]
  return el('dl', { class: 'card facts' }, ...rows.flatMap(([name, value]) => [el('dt', { class: 'soft' }, name), el('dd', {}, value)]))
}

/** @param {App} app */
function signOutButton(app) {
  const leave = async () => {
    const count = app.state.outbox.length
    const title = count > 0 ? t('settings.sign_out_sure', { count }) : t('settings.sign_out_none')
    const text = t(count > 0 ? 'settings.sign_out_why' : 'settings.sign_out_why_none')
    if (!(await ask({ title, text, yes: t('settings.sign_out'), no: t('app.cancel'), isDanger: true }))) return
    await signOut(app.database)
    app.database.keeper = null
    await app.changed()
    await app.router.go('/app/')
  }
  return el('button', { class: 'button button--danger', type: 'button', 'data-action': 'sign-out', onclick: leave }, t('settings.sign_out'))
}
