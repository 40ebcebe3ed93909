/** A volunteer's PIN: setting, entering, changing and taking it away. Whatever it is, nothing is ever deleted for it. */

import { randomBytes, recordKey, sealBox, serverKey, unwrapKey, wrapKey } from './seal.js'
import { Keeper } from './keeper.js'
import { hasSealed, openAll, sealAll } from './sweep.js'

/** @typedef {import('../store/database.js').Database} Database */
/** @typedef {import('../store/types.js').Vault} Vault */
/** @typedef {import('../store/types.js').SealingKey} SealingKey */

export const SHORTEST = 4
/** So many wrong ones go by without a pause; each further one doubles it. */
const FREE_TRIES = 4
const FIRST_WAIT_MS = 30 * 1000
const LONGEST_WAIT_MS = 3600 * 1000
/** Longer than another tab takes from sealing a draft to writing it. */
const OTHER_TABS_MS = 500

/** How long to wait after so many wrong PINs in a row. Pure. @param {number} tries */
export function waitAfter(tries) {
  return tries <= FREE_TRIES ? 0 : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tries - FREE_TRIES - 1))
}

/** @param {Database} database @param {string} user @returns {Promise<Vault | undefined>} */
export function readVault(database, user) {
  return database.read(['profile'], (transaction) => transaction.get('profile', `vault ${user}`))
}

/** @param {Database} database @param {Vault} vault */
function writeVault(database, vault) {
  return database.write(['profile'], (transaction) => transaction.put('profile', vault, `vault ${vault.user}`))
}

/** A volunteer's key, for whoever holds the server's private one. @param {string} user @param {Uint8Array<ArrayBuffer>} raw @param {SealingKey} sealingKey */
async function recoveryOf(user, raw, { id, spki }) {
  return { key_id: id, sealed: await sealBox(await serverKey(spki), user, raw) }
}

/**
 * Gives a volunteer a PIN and seals what they keep here.
 * @param {Database} database
 * @param {string} user
 * @param {string} pin
 * @param {SealingKey} sealingKey
 */
export async function setPin(database, user, pin, sealingKey) {
  const raw = randomBytes(32)
  const now = Date.now()
  /** @type {Vault} */
  const vault = { user, ...(await wrapKey(pin, user, raw)), recovery: await recoveryOf(user, raw, sealingKey), tries: 0, wait_until: 0, made_at: now }
  // The key is on the disk before anything is sealed with it.
  await database.write(['profile'], async (transaction) => {
    if (await transaction.get('profile', `vault ${user}`)) throw new Error('there is a PIN already')
    await transaction.put('profile', vault, `vault ${user}`)
  })
  await keep(database, vault, raw)
}

/** Lets the volunteer in, and seals what was saved without the key, in another tab for one. @param {Database} database @param {Vault} vault @param {BufferSource} raw */
async function keep(database, vault, raw) {
  if (localStorage.length > 0) await (await import('../store/last-words.js')).absorbLastWords(database)
  const keeper = new Keeper(database, vault, await recordKey(raw))
  database.keeper = keeper
  if (vault.is_leaving) await takeAway(database, keeper)
  else await sealAll(database, keeper)
}

/**
 * The key of a volunteer by their PIN; null where it is wrong, or has to wait.
 * @param {Database} database
 * @param {string} user
 * @param {string} pin
 * @returns {Promise<{vault: Vault, raw: Uint8Array<ArrayBuffer>} | null>}
 */
async function tryPin(database, user, pin) {
  const vault = await readVault(database, user)
  const now = Date.now()
  if (!vault || vault.wait_until > now) return null
  // Counted before it is tried: a page that is closed in between has had its try.
  const tries = vault.tries + 1
  await writeVault(database, { ...vault, tries, wait_until: now + waitAfter(tries) })
  try {
    const raw = await unwrapKey(pin, vault)
    const opened = { ...vault, tries: 0, wait_until: 0 }
    await writeVault(database, opened)
    return { vault: opened, raw }
  } catch {
    return null
  }
}

/**
 * Lets a volunteer in. Gives whether the PIN was right.
 * @param {Database} database
 * @param {string} user
 * @param {string} pin
 * @param {SealingKey | undefined} sealingKey the server's present one
 */
export async function unlock(database, user, pin, sealingKey) {
  const found = await tryPin(database, user, pin)
  if (!found) return false
  const { vault, raw } = found
  if (sealingKey && vault.recovery?.key_id !== sealingKey.id) await writeVault(database, { ...vault, recovery: await recoveryOf(user, raw, sealingKey) })
  await keep(database, vault, raw)
  return true
}

/** Gives whether the old PIN was right, and so the new one holds. @param {Database} database @param {string} user @param {string} pin @param {string} next */
export async function changePin(database, user, pin, next) {
  const found = await tryPin(database, user, pin)
  if (found) await putPin(database, found.vault, found.raw, next)
  return found !== null
}

/** Puts a new PIN over the key. @param {Database} database @param {Vault} vault @param {Uint8Array<ArrayBuffer>} raw @param {string} pin */
async function putPin(database, vault, raw, pin) {
  await writeVault(database, { ...vault, ...(await wrapKey(pin, vault.user, raw)), tries: 0, wait_until: 0 })
}

/** Sets a PIN with the key that a supervisor opened, and lets the volunteer in. @param {Database} database @param {string} user @param {Uint8Array<ArrayBuffer>} raw @param {string} pin */
export async function resetPin(database, user, raw, pin) {
  const vault = await readVault(database, user)
  if (!vault) return
  await putPin(database, vault, raw, pin)
  await keep(database, vault, raw)
}

/** Opens what the volunteer keeps here, and then forgets the PIN. Gives whether it was right. @param {Database} database @param {string} user @param {string} pin */
export async function removePin(database, user, pin) {
  const found = await tryPin(database, user, pin)
  if (!found) return false
  await writeVault(database, { ...found.vault, is_leaving: true })
  await takeAway(database, new Keeper(database, found.vault, await recordKey(found.raw)))
  return true
}

/** Rejects where something cannot be opened: then the PIN stays. @param {Database} database @param {Keeper} keeper */
async function takeAway(database, keeper) {
  await openAll(database, keeper)
  // The key goes last, and only when no tab can still be writing what needs it.
  await new Promise((resolve) => { setTimeout(resolve, OTHER_TABS_MS) })
  await openAll(database, keeper)
  if (await hasSealed(database, keeper.user)) throw new Error('something stays sealed')
  await database.write(['profile'], (transaction) => transaction.delete('profile', `vault ${keeper.user}`))
  database.keeper = null
}
