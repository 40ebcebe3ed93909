/** The client's beginning: hands clock, fetch and database in, and puts the first view on the screen. */

import { App } from './application.js'
import { showTrouble } from './trouble.js'
import { bestLanguage, setLanguage } from './i18n/i18n.js'
import { Database } from './store/database.js'
import { DATABASE_NAME, STEPS } from './store/schema.js'

const root = /** @type {HTMLElement} */ (document.getElementById('app'))

async function begin() {
  await setLanguage(bestLanguage(navigator.languages))
  if (!globalThis.crypto?.subtle) return showTrouble(root, 'insecure')
  const database = new Database(DATABASE_NAME, STEPS, () => showTrouble(root, 'blocked'))
  try {
    await database.open()
  } catch {
    return showTrouble(root, 'storage')
  }
  await new App(root, database, fetch.bind(globalThis)).start()
}

begin()
