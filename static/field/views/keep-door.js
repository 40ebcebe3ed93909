/** Keeping a door, and saying so where the phone is full. */

import { ask } from '../dom.js'
import { t } from '../i18n/i18n.js'
import { putDoor } from '../store/door-changes.js'

/** @typedef {import('../application.js').App} App */
/** @typedef {import('../store/types.js').Door} Door */

/** Gives whether it is kept. @param {App} app @param {Door} door */
export async function keepDoor(app, door) {
  try {
    await putDoor(app.database, door)
  } catch (error) {
    console.error(error instanceof Error ? error.name : '')
    await ask({ title: t('door.not_kept'), text: t('door.not_kept_why'), yes: t('app.close') })
    return false
  }
  await app.changed()
  if (door.visits?.length) {
    app.sender.send()
    app.worker.wakeOnSignal()
  }
  return true
}
