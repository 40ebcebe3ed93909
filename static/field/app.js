/** The client's beginning: hands clock, fetch and database in, and puts the first view on the screen. */

import { App } from './application.js'
import { followDisplay } from './display.js'
import { keepOffer } from './install-offer.js'
import { showTrouble } from './trouble.js'
import { bestLanguage, setLanguage } from './i18n/i18n.js'
import { Database } from './store/database.js'
import { DATABASE_NAME, STEPS } from './store/schema.js'
import { loadStyle } from './style.js'

const root = /** @type {HTMLElement} */ (document.getElementById('app'))

/** Lets what a questionnaire's link needs come while the database opens: a kept copy of the shell names nothing ahead. */
function fetchAhead() {
  if (!/^\/app\/(?:new|fill)\//.test(location.pathname)) return
  import('./views/fill.js').catch(() => {})
  if (location.pathname.startsWith('/app/new/')) import('./views/new.js').catch(() => {})
  loadStyle(new URL('../css/filling.css', import.meta.url).href)
}

async function begin() {
  const words = Promise.all([setLanguage(bestLanguage(navigator.languages)), followDisplay()])
  const trouble = async (/** @type {'insecure' | 'storage' | 'blocked'} */ kind) => {
    await words
    showTrouble(root, kind)
  }
  if (!globalThis.crypto?.subtle) return trouble('insecure')
  const database = new Database(DATABASE_NAME, STEPS, () => trouble('blocked'))
  try {
    await database.open()
  } catch {
    return trouble('storage')
  }
  await words
  await new App(root, database, fetch.bind(globalThis)).start()
}

// The office's preview, packed, finds modules that it shares with the phone in this file, and has no place for the app.
if (root) {
  followDisplay()
  keepOffer()
  fetchAhead()
  begin()
}
