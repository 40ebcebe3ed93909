/** What a pull brings from the supervisor's desk: returned responses, which become drafts, and doors of lists. */

import { mergeDoors } from '../list-doors.js'
import { draftOf, planReturned } from '../returned.js'
import { doorsIn } from '../store/doors.js'
import { listFiles, readProfile } from '../store/profile.js'
import { fetchModels } from './pull.js'
import { sendVisits } from './visits.js'

/** @typedef {import('./api.js').Api} Api */
/** @typedef {import('../store/database.js').Database} Database */
/** @typedef {import('../store/types.js').Door} Door */
/** @typedef {import('../store/types.js').Draft} Draft */

/**
 * Keeps it for `user`, and gives what is other about the world that is kept then: whether anything of it is here, and no cursor where
 * something had to wait, so that the next pull brings it again. Raises ApiError.
 * @param {Api} api
 * @param {Database} database
 * @param {{returned?: any[], lists?: any[]}} answer
 * @param {string} user
 * @returns {Promise<{hasDesk: boolean, cursor?: string}>}
 */
export async function keepDesk(api, database, { returned = [], lists = [] }, user) {
  // Behind a PIN that was not entered nothing can be sealed.
  if ((await readProfile(database)).hasPin && database.keeper?.user !== user) return { hasDesk: true, cursor: '' }
  const isAll = await keepReturned(api, database, returned, user)
  const doors = await keepDoors(database, lists, user)
  // What the server did not know the door of before.
  if (doors.isWaiting) await sendVisits(api, database, user)
  return { hasDesk: returned.length > 0 || doors.count > 0, ...(!(isAll && doors.isAll) && { cursor: '' }) }
}

/** @param {Api} api @param {Database} database @param {any[]} returned @param {string} user @returns {Promise<boolean>} whether all of it is here */
async function keepReturned(api, database, returned, user) {
  const wanted = /** @type {Draft[]} */ (returned.map((item) => draftOf(item, user)).filter(Boolean))
  await fetchModels(api, database, wanted)
  const hasFiles = await fetchFilesOf(api, database, wanted)
  const kept = await database.read(['drafts', 'outbox', 'sent'], async (transaction) => ({
    drafts: (await transaction.all('drafts')).filter(({ author }) => author === user),
    outbox: await transaction.all('outbox'),
    sent: await transaction.all('sent'),
  }))
  const { put, drop, isAll } = planReturned(wanted, kept, await draftsOnScreens())
  const sealed = await Promise.all(put.map((draft) => database.keeper?.seal(draft) ?? draft))
  const before = new Map(kept.drafts.map(({ id, rev }) => [id, rev]))
  await database.write(['drafts'], async (transaction) => {
    for (const draft of sealed) {
      if ((await transaction.get('drafts', draft.id))?.rev === before.get(draft.id)) await transaction.put('drafts', draft)
    }
    for (const id of drop) {
      if ((await transaction.get('drafts', id))?.rev === before.get(id)) await transaction.delete('drafts', id)
    }
  })
  return isAll && hasFiles
}

/** Ids of the drafts that some tab has open. @returns {Promise<Set<string>>} */
async function draftsOnScreens() {
  const { held = [] } = (await navigator.locks?.query()) ?? {}
  return new Set(held.map(({ name = '' }) => name.replace('draft:', '')))
}

/** Lists and media of the versions that these were filled in with. Gives whether all are here. @param {Api} api @param {Database} database @param {Draft[]} drafts */
async function fetchFilesOf(api, database, drafts) {
  const files = await listFiles(database)
  const wanted = Object.assign({}, ...drafts.map(({ model }) => files[model]))
  if (Object.keys(wanted).length === 0) return true
  const { fetchFiles } = await import('./form-files.js')
  return fetchFiles(api, wanted, { mayStop: () => false, changed: () => {} }).catch(() => false)
}

/**
 * @param {Database} database
 * @param {import('../list-doors.js').DoorList[]} lists
 * @param {string} user
 * @returns {Promise<{count: number, isAll: boolean, isWaiting: boolean}>} `count`: doors of lists that are here now; `isWaiting`: whether visits may be sent now
 */
async function keepDoors(database, lists, user) {
  const { keeper } = database
  const present = (await database.read(['doors'], doorsIn)).filter(({ author }) => author === user)
  const { doors } = keeper ? await keeper.shown({ doors: present }) : { doors: present }
  const { put, drop } = mergeDoors(doors, lists, { author: user, now: Date.now(), uuid: () => crypto.randomUUID() })
  const sealed = await Promise.all(put.map((door) => keeper?.seal(door) ?? door))
  return database.write(['doors'], async (transaction) => {
    let isAll = true
    /** Does something to a door that nobody changed meanwhile. @param {Door} door @param {() => Promise<unknown>} act */
    const unlessChanged = async ({ id, rev }, act) => {
      if (((await transaction.get('doors', id))?.rev ?? 0) === rev) await act()
      else isAll = false
    }
    for (const door of sealed) await unlessChanged(door, () => transaction.put('doors', { ...door, rev: door.rev + 1 }))
    for (const door of drop) await unlessChanged(door, () => transaction.delete('doors', door.id))
    const count = (await doorsIn(transaction)).filter(({ author, origin }) => author === user && origin === 'list').length
    return { count, isAll, isWaiting: put.some(({ visits = [] }) => visits.length > 0) }
  })
}
