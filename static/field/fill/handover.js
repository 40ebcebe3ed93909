/**
 * The phone in the respondent's hands: they see this questionnaire and nothing else. Whatever leads out of it, a reload and another tab
 * included, comes to the page that asks for the volunteer's PIN. docs/phone-protection.md says what that holds off.
 */

import { ask, drawing, el, icon } from '../dom.js'
import { t } from '../i18n/i18n.js'
import { lock, lockOthers } from '../vault/lock.js'
import { fetchWords } from '../vault/words.js'
import { askForPin } from '../views/pin.js'
import { fetchMore } from './more-words.js'

/** @typedef {import('../application.js').App} App */
/** @typedef {import('../router.js').View} View */

const PADLOCK = 'M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 017 0v3'
const LETTER = 'M4 19L11 4l7 15M6.500 14h9M20 10v9M17 14.500h6'

/**
 * Makes the fill screen the respondent's, once the volunteer has a PIN and says so. Gives whether it is.
 * @param {App} app
 * @param {HTMLElement} root what the fill screen is in
 * @returns {Promise<boolean>}
 */
export async function handOver(app, root) {
  await Promise.all([fetchMore(), fetchWords()])
  if (!hasKey(app) && !(await setUp(app))) return false
  if (!(await ask({ title: t('hand.title'), text: t('hand.why'), yes: t('hand.over'), no: t('app.cancel') }))) return false
  lockOthers()
  root.querySelector('.fill')?.classList.add('fill--handed')
  root.querySelector('.topbar__more .icon')?.replaceWith(drawing(LETTER, 'letter'))
  root.querySelector('.topbar')?.append(backButton(app))
  return true
}

/**
 * The page after Finish, in the same hands. From it too the way leads past the PIN, to the page that says where the response is.
 * @param {App} app
 * @param {string} hash of the response
 */
export function showThanks(app, hash) {
  const title = el('h1', { tabindex: -1 }, t('hand.thanks'))
  const element = el('main', { class: 'page done fill--handed' },
    el('div', { class: 'done__state' }, el('span', { class: 'done__badge' }, icon('check')), title, el('p', { class: 'soft' }, t('hand.thanks_why'))),
    el('div', { class: 'done__buttons' }, backButton(app, 'button--primary button--large')))
  // The entry of the history that Back puts in again has the questionnaire's address, which leads nowhere any more.
  const rename = () => app.router.rename(`/app/done/${hash}`)
  const back = async () => {
    rename()
    return true
  }
  rename()
  app.router.replaceView({ element, holdsBack: true, back, close: () => askNext(app) })
  title.focus()
}

/** Lets nothing be shown from now on before the PIN is entered. @param {App} app */
export function askNext(app) {
  app.isAsking = true
}

/** @param {App} app @param {string} [look] */
function backButton(app, look = 'button--quiet') {
  return el('button', { type: 'button', class: `button button--block hand-back ${look}`, 'data-action': 'hand-back', onclick: () => lock(app) }, drawing(PADLOCK, 'padlock'), t('hand.back'))
}

/** @param {App} app */
function hasKey({ database, state }) {
  return database.keeper !== null && database.keeper?.user === state.device?.user.id
}

/** Says that a PIN is needed, and lets the volunteer set one. Gives whether there is one then. @param {App} app */
async function setUp(app) {
  if (!app.state.world.sealing_key) {
    await ask({ title: t('hand.pin_title'), text: t('hand.signal_why'), yes: t('app.close') })
    return false
  }
  if (!(await ask({ title: t('hand.pin_title'), text: t('hand.pin_why'), yes: t('pin.set'), no: t('app.cancel') }))) return false
  await askForPin(app)
  return hasKey(app)
}
