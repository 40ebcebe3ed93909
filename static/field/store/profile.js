/** Who uses this phone, one after another, and what the server last told it: forms, places, progress. */

/** @typedef {import('./database.js').Database} Database */
/** @typedef {import('./database.js').Transaction} Transaction */
/** @typedef {import('./types.js').Device} Device */
/** @typedef {import('./types.js').World} World */
/** @typedef {import('./types.js').FormInfo} FormInfo */
/** @typedef {import('./types.js').ModelEntry} ModelEntry */
/**
 * @typedef {object} Profile
 * @property {Device | null} device the present volunteer's
 * @property {Device[]} people every volunteer of this phone
 * @property {World} world the present volunteer's
 * @property {string} language
 * @property {boolean} hasPin the present volunteer
 */

/** @type {World} */
const NOTHING_YET = { cursor: '', forms: [], places: [], mine: [], progress: [], notices: [], pulled_at: 0 }

/** The keys that begin with a word. @param {string} word */
export const named = (word) => IDBKeyRange.bound(`${word} `, `${word}!`)

/** @param {Database} database @returns {Promise<Profile>} */
export function readProfile(database) {
  return database.read(['profile'], profileIn)
}

/** @param {Transaction} transaction over `profile` @returns {Promise<Profile>} */
export async function profileIn(transaction) {
  const get = (/** @type {string} */ key) => transaction.get('profile', key)
  const [present, language = '', people] = await Promise.all([get('present'), get('language'), transaction.all('profile', named('device'))])
  const [device = null, world, vault] = await Promise.all([get(`device ${present}`), get(`world ${present}`), get(`vault ${present}`)])
  return { device, people, world: world ?? { ...NOTHING_YET, user: present }, language, hasPin: device !== null && vault !== undefined }
}

/** Begins work as `device`. The other volunteers of this phone stay what they are. @param {Database} database @param {Device} device */
export function signIn(database, device) {
  return database.write(['profile'], async (transaction) => {
    const { id } = device.user
    await transaction.put('profile', device, `device ${id}`)
    await transaction.put('profile', id, 'present')
  })
}

/** Hands the phone to another of its volunteers. @param {Database} database @param {string} user id */
export async function setPresent(database, user) {
  await database.write(['profile'], (transaction) => transaction.put('profile', user, 'present'))
}

/** Notes that the server refuses a device, or knows it again. @param {Database} database @param {Device['state']} state @param {string} [user] whose; the present one's by itself */
export function setDeviceState(database, state, user) {
  return database.write(['profile'], async (transaction) => {
    const key = `device ${user ?? (await transaction.get('profile', 'present'))}`
    const device = await transaction.get('profile', key)
    if (device && device.state !== state) await transaction.put('profile', { ...device, state }, key)
  })
}

/** Ends the present volunteer's work on this phone. Drafts and unsent responses stay for their next sign-in (A18). @param {Database} database */
export function signOut(database) {
  return database.write(['profile'], async (transaction) => {
    const user = await transaction.get('profile', 'present')
    for (const key of [`device ${user}`, `world ${user}`, 'present']) await transaction.delete('profile', key)
  })
}

/** @param {Database} database @param {string} language code */
export async function saveLanguage(database, language) {
  await database.write(['profile'], (transaction) => transaction.put('profile', language, 'language'))
}

/** @param {Database} database @param {World} world */
export async function saveWorld(database, world) {
  await database.cache(['profile'], (transaction) => transaction.put('profile', world, `world ${world.user}`))
}

/** @param {Database} database @param {string} hash @returns {Promise<ModelEntry | undefined>} */
export function readModel(database, hash) {
  return database.read(['models'], (transaction) => transaction.get('models', hash))
}

/** Which models are kept, by hash: whether the form asks for a place. Reads no model. @param {Database} database @returns {Promise<Record<string, boolean>>} */
export function listModels(database) {
  return database.read(['profile'], modelsIn)
}

/** @param {Transaction} transaction over `profile` @returns {Promise<Record<string, boolean>>} */
export async function modelsIn(transaction) {
  return (await transaction.get('profile', 'models')) ?? {}
}

/** The files that each of the kept models names, for those that name any: bytes by hash, by the model's hash. @param {Database} database @returns {Promise<Record<string, Record<string, number>>>} */
export function listFiles(database) {
  return database.read(['profile'], filesIn)
}

/** @param {Transaction} transaction over `profile` @returns {Promise<Record<string, Record<string, number>>>} */
export async function filesIn(transaction) {
  return (await transaction.get('profile', 'files')) ?? {}
}

/**
 * @param {Database} database
 * @param {ModelEntry} entry
 * @param {boolean} hasPlace whether the form asks for a place
 * @param {Record<string, number>} files that it names: bytes by hash
 */
export function addModel(database, entry, hasPlace, files) {
  return database.cache(['models', 'profile'], async (transaction) => {
    const kept = (await transaction.get('profile', 'models')) ?? {}
    const named = (await transaction.get('profile', 'files')) ?? {}
    await transaction.put('models', entry)
    await transaction.put('profile', { ...kept, [entry.hash]: hasPlace }, 'models')
    if (Object.keys(files).length > 0) await transaction.put('profile', { ...named, [entry.hash]: files }, 'files')
  })
}

/**
 * Removes models that neither the server offers to anybody of this phone nor a draft was begun with.
 * @param {Database} database
 * @param {FormInfo[]} offered
 */
export function dropModels(database, offered) {
  return database.write(['models', 'profile', 'drafts'], async (transaction) => {
    const needed = new Set(offered.map((form) => form.model))
    for (const { forms } of await transaction.all('profile', named('world'))) for (const { model } of forms) needed.add(model)
    for (const draft of await transaction.all('drafts')) needed.add(draft.model)
    for (const index of ['models', 'files']) {
      const kept = Object.entries((await transaction.get('profile', index)) ?? {})
      for (const [hash] of kept) {
        if (!needed.has(hash)) await transaction.delete('models', hash)
      }
      await transaction.put('profile', Object.fromEntries(kept.filter(([hash]) => needed.has(hash))), index)
    }
  })
}
