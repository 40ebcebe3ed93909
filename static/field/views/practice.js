/** Practice: a questionnaire about a cat that never counts. Nothing of it is kept and nothing is sent. */

import { el, icon } from '../dom.js'
import { t } from '../i18n/i18n.js'
import { picture } from '../pictures.js'
import { loadStyle } from '../style.js'
import { troublePage } from '../trouble.js'
import { openTryOut, prepareTryOut } from '../try-out.js'
import { fetchHelp, helpHead } from './help-words.js'
import { noteDone } from './steps.js'

/** @typedef {import('../application.js').App} App */
/** @typedef {import('../router.js').View} View */

/** What it is and that it does not count. @param {App} app @returns {Promise<View>} */
export async function openPractice(app) {
  await fetchHelp()
  const begin = async (/** @type {Event} */ event) => {
    const button = /** @type {HTMLButtonElement} */ (event.currentTarget)
    button.disabled = true
    await showQuestions(app)
  }
  return { element: el('main', { class: 'page' },
    helpHead('/app/', t('practice.title')),
    el('div', { class: 'help__lead' }, el('span', { class: 'badge' }, picture('practice')), el('p', {}, t('practice.lead'))),
    el('p', { class: 'help__words' }, t('practice.why')),
    el('div', { class: 'page__end' },
      el('button', { class: 'button button--primary button--large button--block', type: 'button', 'data-action': 'begin', onclick: begin }, t('practice.start')))) }
}

/** Puts the questions on the screen; a phone that does not keep them yet needs a signal. @param {App} app */
async function showQuestions(app) {
  app.router.replaceView(await openQuestions(app).catch(() => ({ element: troublePage('view') })))
}

/** The questions, in the screen that real ones have. @param {App} app @returns {Promise<View>} */
async function openQuestions(app) {
  const [response] = await Promise.all([fetch(new URL('../practice.json', import.meta.url).href), loadStyle(new URL('../../css/filling.css', import.meta.url).href)])
  if (!response.ok) throw new Error(`practice: status ${response.status}`)
  const tryOut = await prepareTryOut(await response.text())
  const root = el('div', { class: 'fill-host' })
  const fill = openTryOut(root, tryOut, {
    finish: () => {
      noteDone('practice')
      app.router.replaceView(donePage(app))
    },
    leave: () => app.router.leave('/app/'),
  })
  const element = el('div', { class: 'practice' }, el('aside', { class: 'practice__strip' }, t('practice.strip')), root)
  return { element, holdsBack: true, back: async () => fill.back(), close: () => fill.destroy() }
}

/** @param {App} app @returns {View} */
function donePage(app) {
  return { element: el('main', { class: 'page done' },
    el('div', { class: 'done__state done__state--safe', role: 'status' },
      el('span', { class: 'done__badge' }, icon('check')),
      el('h1', {}, t('practice.done')),
      el('p', { class: 'soft' }, t('practice.done_why'))),
    el('div', { class: 'done__buttons' },
      el('a', { class: 'button button--primary button--large button--block', href: '/app/' }, t('practice.home')),
      el('button', { class: 'button button--quiet button--block', type: 'button', 'data-action': 'again', onclick: () => showQuestions(app) }, t('practice.again')))) }
}
