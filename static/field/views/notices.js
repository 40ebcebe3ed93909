/** Standing notices: a new version, and storage that the browser may clear (A07). */

import { el, icon } from '../dom.js'
import { t } from '../i18n/i18n.js'

/** @typedef {import('../application.js').App} App */

/** What draws the rare notices, once that is here. @type {() => HTMLElement[]} */
let rare = () => []

/** What draws the others of a phone that several share. @type {(() => HTMLElement[]) | null} */
let people = null

/** @type {boolean | null} whether the browser keeps the data for good; null: not known yet */
let isPersisted = null

/** Asks the browser to keep this phone's data for good. Gives whether it does. @returns {Promise<boolean>} */
export async function askToPersist() {
  try {
    isPersisted = (await navigator.storage?.persisted?.()) || (await navigator.storage?.persist?.()) || false
  } catch {
    isPersisted = false
  }
  return isPersisted
}

/** @param {App} app @returns {HTMLElement[]} */
export function notices(app) {
  const found = []
  if (app.worker.hasUpdate) found.push(updateNotice(app))
  if (isPersisted === false && app.state.outbox.length > 0) found.push(persistNotice(app))
  if (app.state.people.length > 1 || app.state.others.length > 0) found.push(...(people ? people() : watchPeople(app)))
  return [...found, ...rare()]
}

/** Fetches what shows the others; until it is here there is nothing. @param {App} app @returns {HTMLElement[]} */
function watchPeople(app) {
  import('./people.js').then(async ({ openPeople }) => {
    people = await openPeople(app)
    app.refresh()
  }).catch(() => {})
  return (people = () => [])()
}

/** Fetches what watches for the rare ones: storage that runs short (A08), a wrong clock (A15). @param {App} app */
export async function watchRare(app) {
  rare = await (await import('./standing.js')).openStanding(app)
  app.refresh()
}

/** @param {App} app */
function updateNotice(app) {
  return el('section', { class: 'notice' },
    icon('alert'),
    el('p', { class: 'notice__text' }, t('notice.update')),
    el('button', { class: 'button button--quiet button--small', type: 'button', onclick: () => app.worker.update() }, t('notice.update_now')))
}

/** @param {App} app */
function persistNotice(app) {
  const save = async () => (await import('../unsent-file.js')).downloadUnsent(app.database)
  return el('section', { class: 'notice notice--warning', 'data-notice': 'persist' },
    icon('alert'),
    el('div', { class: 'notice__text' },
      el('p', {}, t('notice.persist', { count: app.state.outbox.length })),
      el('button', { class: 'button button--small', type: 'button', onclick: save }, t('notice.save_file'))))
}
