/** Sealing what lies open, and opening what lies sealed: entry by entry, so that a phone that dies in between holds each in one of two readable forms. */

import { named } from '../store/profile.js'
import { authorOf, isSealed } from './keeper.js'

/** @typedef {import('../store/database.js').Database} Database */
/** @typedef {import('../store/schema.js').StoreName} StoreName */
/** @typedef {import('./keeper.js').Keeper} Keeper */

/** Documents first: one that is sealed waits with its files, one that is open must find them open. @type {StoreName[]} */
const SEALING = ['outbox', 'drafts', 'doors', 'sent', 'files']

/** Seals everything of the keeper's volunteer. @param {Database} database @param {Keeper} keeper */
export async function sealAll(database, keeper) {
  for (const store of SEALING) await turnStore(database, store, keeper.user, (entry) => keeper.seal(entry))
  await turnAnswers(database, keeper, false)
}

/** Opens everything of the keeper's volunteer. @param {Database} database @param {Keeper} keeper */
export async function openAll(database, keeper) {
  for (const store of [...SEALING].reverse()) await turnStore(database, store, keeper.user, (entry) => keeper.open(entry))
  await turnAnswers(database, keeper, true)
}

/** Whether a store's entry lies sealed. @param {any} entry */
const liesSealed = (entry) => Boolean(entry.sealed ?? entry.summary?.sealed)

/**
 * @param {Database} database
 * @param {StoreName} store
 * @param {string} user
 * @param {(entry: any) => Promise<any>} turn seals or opens
 */
async function turnStore(database, store, user, turn) {
  const keyOf = (/** @type {any} */ entry) => (store === 'files' ? [entry.response, entry.name] : (store === 'drafts' || store === 'doors' ? entry.id : entry.hash))
  const entries = (await ownEntries(database, store, user)).map((entry) => keyOf(entry))
  for (const key of entries) {
    const before = await database.read([store], (transaction) => transaction.get(store, key))
    if (!before) continue
    // One bad record must not hold up the others; it stays as it lies.
    const after = await turn(store === 'files' ? { ...before, author: user } : before).catch(() => before)
    if (liesSealed(before) === liesSealed(after)) continue
    await database.write([store], async (transaction) => {
      const now = await transaction.get(store, key)
      if (!now || liesSealed(now) !== liesSealed(before) || now.rev !== before.rev) return
      // What was noted meanwhile about its sending stays.
      const { tries, error, receipt, files_left, status, url, offset, done } = now
      const noted = Object.entries({ tries, error, receipt, files_left, status, url, offset, done }).filter(([, value]) => value !== undefined)
      await transaction.put(store, { ...after, ...Object.fromEntries(noted) })
    })
  }
}

/** @param {Database} database @param {StoreName} store @param {string} user @returns {Promise<any[]>} */
function ownEntries(database, store, user) {
  return database.read(['drafts', 'outbox', store], async (transaction) => {
    const all = await transaction.all(store)
    if (store !== 'files') return all.filter((entry) => authorOf(entry) === user)
    const responses = [...(await transaction.all('drafts')), ...(await transaction.all('outbox'))].filter((entry) => authorOf(entry) === user)
    const ids = new Set(responses.map(({ id }) => id))
    return all.filter((file) => ids.has(file.response))
  })
}

/** @param {Database} database @param {Keeper} keeper @param {boolean} isOpening */
async function turnAnswers(database, keeper, isOpening) {
  const keys = await database.read(['profile'], (transaction) => transaction.keys('profile', named(`last-saved ${keeper.user}`)))
  for (const key of keys) {
    const before = await database.read(['profile'], (transaction) => transaction.get('profile', key))
    const after = await (isOpening ? keeper.openAnswers(keeper.user, before) : keeper.sealAnswers(keeper.user, before))
    if (isSealed(before) !== isSealed(after)) await database.write(['profile'], (transaction) => transaction.put('profile', after, key))
  }
}

/** Whether anything of a volunteer still lies sealed. @param {Database} database @param {string} user */
export async function hasSealed(database, user) {
  for (const store of SEALING) if ((await ownEntries(database, store, user)).some(liesSealed)) return true
  return false
}
