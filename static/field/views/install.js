/** Putting the app on the home screen: one screen for each kind of browser, with a picture of where to tap. */

import { el, icon, showChildren } from '../dom.js'
import { t } from '../i18n/i18n.js'
import { hasOffer, isInstalled, takeOffer } from '../install-offer.js'
import { fetchHelp, helpHead } from './help-words.js'
import { shot } from './install-pictures.js'
import { noteDone } from './steps.js'

/** @typedef {import('../application.js').App} App */
/** @typedef {'android' | 'ios' | 'wechat'} Kind */

/** Which browser it is, by its own description. An iPad calls itself a Macintosh, which has no touch screen. @param {string} agent @param {number} touchPoints @returns {Kind} */
export function browserKind(agent, touchPoints) {
  if (agent.includes('MicroMessenger')) return 'wechat'
  return /iPhone|iPad/.test(agent) || (agent.includes('Macintosh') && touchPoints > 1) ? 'ios' : 'android'
}

/** @param {App} app @returns {Promise<import('../router.js').View>} */
export async function openInstall(app) {
  await fetchHelp()
  const element = el('main', { class: 'page install' })
  let isThere = isInstalled()
  /** What became of copying the link: key of its words. */
  let copied = ''

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(linkOf(app))
      copied = 'install.copied'
    } catch {
      copied = 'install.copy_failed'
    }
    update()
  }
  const take = async () => {
    if (await takeOffer()) {
      noteDone('install')
      isThere = true
    }
    update()
  }
  const update = () => showChildren(element, [
    helpHead('/app/', t(isThere ? 'install.there' : 'install.title')),
    ...(isThere ? there() : hasOffer() ? offered(take) : byHand(app, browserKind(navigator.userAgent, navigator.maxTouchPoints), copied, copy)),
  ])
  update()
  return { element, update }
}

/** @returns {HTMLElement[]} */
function there() {
  return [
    el('p', { class: 'help__words', role: 'status' }, t('install.there_why')),
    el('div', { class: 'page__end' }, el('a', { class: 'button button--primary button--large button--block', href: '/app/' }, t('app.start_page'))),
  ]
}

/** Where the browser itself does it. @param {() => void} take @returns {HTMLElement[]} */
function offered(take) {
  return [
    el('p', { class: 'help__words' }, t('install.why')),
    el('img', { class: 'install__icon', src: new URL('../../icons/icon.svg', import.meta.url).href, alt: '', width: 96, height: 96 }),
    el('div', { class: 'page__end' },
      el('button', { class: 'button button--primary button--large button--block', type: 'button', 'data-action': 'install', onclick: take }, t('install.offer')),
      later()),
  ]
}

/** Where the volunteer does it, step by step. @param {App} app @param {Kind} kind @param {string} copied @param {() => void} copy @returns {HTMLElement[]} */
function byHand(app, kind, copied, copy) {
  const unsent = app.state.outbox.length + app.state.drafts.length
  // WeChat, and an iPhone's home screen, keep their data apart from the browser's: there it begins anew, with the volunteer's link.
  const isApart = kind !== 'android' && app.state.device !== null
  const copyButton = () => el('button', { class: `button button--block ${kind === 'wechat' ? 'button--primary button--large' : ''}`, type: 'button', 'data-action': 'copy', onclick: copy }, t('install.copy'))
  return [
    el('p', { class: 'help__words' }, t('install.why')),
    isApart && unsent > 0 && el('p', { class: 'notice notice--warning' }, icon('alert'), el('span', { class: 'notice__text' }, t('install.unsent', { count: unsent }))),
    el('ol', { class: 'install__steps' },
      ...['1', '2'].map((step) => el('li', {}, el('p', {}, t(`install.${kind}_${step}`)), shot(`${kind}_${step}`))),
      isApart && el('li', {}, el('p', {}, t(`install.${kind}_3`)), kind === 'ios' && copyButton())),
    el('div', { class: 'page__end' },
      el('p', { class: 'soft', role: 'status' }, copied && t(copied)),
      kind === 'wechat' ? isApart && copyButton() : doneButton(app),
      later()),
  ].filter((part) => part !== false)
}

/** @param {App} app */
function doneButton(app) {
  const done = () => {
    noteDone('install')
    app.router.go('/app/')
  }
  return el('button', { class: 'button button--primary button--large button--block', type: 'button', 'data-action': 'done', onclick: done }, t('install.done'))
}

function later() {
  return el('a', { class: 'button button--quiet button--block', href: '/app/' }, t('install.later'))
}

/** The link that this phone was enrolled with. @param {App} app */
function linkOf(app) {
  return `${location.origin}/join/${app.state.device?.link}`
}
