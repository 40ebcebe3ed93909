/** Settings: how the client looks first, then what is needed more rarely, each part closed until it is wanted. */

import { ask, el, showChildren } from '../dom.js'
import { shortTime, t } from '../i18n/i18n.js'
import { picture } from '../pictures.js'
import { signOut } from '../store/profile.js'
import { readLayout, saveLayout } from '../store/wishes.js'
import { fetchHelp, linkRow } from './help-words.js'
import { languageChoice } from './language-choice.js'
import { askToPersist } from './notices.js'
import { displayChoices } from './settings-display.js'
import { openSendingSettings } from './settings-sending.js'

/** @typedef {import('../application.js').App} App */

/** @param {App} app @param {string} open name of the part that is open at first, '' for none @returns {Promise<import('../router.js').View>} */
export async function openSettings(app, open) {
  await fetchHelp()
  let isPersisted = (await navigator.storage?.persisted?.()) ?? false
  // What it needs may not be here yet, and nothing else should wait for it.
  const pin = app.state.device ? await import('./pin.js').then(({ openPinSettings }) => openPinSettings(app)).catch(() => null) : null
  const sending = await openSendingSettings(app)
  const layout = layoutChoice(app, await readLayout(app.database))
  const persist = async () => {
    isPersisted = await askToPersist()
    update()
  }
  const parts = [
    ...(pin ? [part('pin', 'pin.title', () => [pin()])] : []),
    part('sending', 'sending.title', () => [sending()]),
    part('layout', 'settings.layout', () => [layout()]),
    part('files', 'settings.files', () => [storage(isPersisted, persist), unsentFile(app)]),
    part('about', 'settings.about', () => [facts(app)]),
  ]
  for (const { element } of parts) element.open = element.dataset.settings === open
  const top = el('div', { class: 'stack' })
  const end = el('div', { class: 'stack' })
  const element = el('main', { class: 'page' }, top, el('div', { class: 'rows' }, ...parts.map((one) => one.element)), end)
  const update = () => {
    redraw(top, [
      el('h1', {}, t('app.settings')),
      el('section', { class: 'card stack display' }, el('h2', { class: 'visually-hidden' }, t('settings.display')), ...displayChoices(), languageChoice(app)),
      el('div', { class: 'rows' }, linkRow({ href: '/app/help', picture: picture('help'), title: t('help.title'), note: t('settings.help_note') })),
    ])
    for (const one of parts) one.update()
    showChildren(end, app.state.device ? [signOutButton(app)] : [])
  }
  update()
  // Once it is on the page.
  requestAnimationFrame(() => parts.find((one) => one.element.open)?.element.scrollIntoView())
  return { element, tab: 'settings', update }
}

/**
 * A part that opens with a tap. Its element stays the same while what is in it is drawn anew, so that it stays open.
 * @param {string} name
 * @param {string} title key
 * @param {() => HTMLElement[]} content
 */
function part(name, title, content) {
  const heading = el('h2', { class: 'row__title' })
  const body = el('div', { class: 'part__body stack' })
  const element = el('details', { class: 'part', 'data-settings': name }, el('summary', { class: 'row part__summary' }, el('span', { class: 'row__main' }, heading), picture('next')), body)
  const update = () => {
    heading.textContent = t(title)
    redraw(body, content())
  }
  return { element, update }
}

/** Shows what there is now; the control that had the focus, if it is drawn anew, has it again. @param {HTMLElement} parent @param {HTMLElement[]} children */
function redraw(parent, children) {
  const controls = () => [...parent.querySelectorAll('a, button, input')]
  const present = controls().findIndex((control) => control === document.activeElement)
  showChildren(parent, children)
  const control = controls()[present]
  if (control instanceof HTMLElement && control !== document.activeElement) control.focus({ preventScroll: true })
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
  return () => el('fieldset', { class: 'choices' }, el('legend', { class: 'visually-hidden' }, t('settings.layout')), option('form'), option('pages'), option('scroll'))
}

/** @param {boolean} isPersisted @param {() => void} request */
function storage(isPersisted, request) {
  return el('section', { class: 'stack' },
    el('p', {}, t(isPersisted ? 'settings.storage_kept' : 'settings.storage_loose')),
    !isPersisted && el('button', { class: 'button', type: 'button', onclick: request }, t('settings.storage_ask')))
}

/** @param {App} app */
function unsentFile(app) {
  const isEmpty = app.state.outbox.length + app.state.others.length === 0
  const save = async () => (await import('../unsent-file.js')).downloadUnsent(app.database)
  return el('section', { class: 'stack' },
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
  return el('dl', { class: 'facts' }, ...rows.flatMap(([name, value]) => [el('dt', { class: 'soft' }, name), el('dd', {}, value)]))
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
