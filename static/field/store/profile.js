/** Who uses this phone, and what the server last told it: forms, places, progress. */

/** @typedef {import('./database.js').Database} Database */
/** @typedef {import('./database.js').Transaction} Transaction */
/** @typedef {import('./types.js').Device} Device */
/** @typedef {import('./types.js').World} World */
/** @typedef {import('./types.js').FormInfo} FormInfo */
/** @typedef {import('./types.js').ModelEntry} ModelEntry */

/** @type {World} */
const NOTHING_YET = { cursor: '', forms: [], places: [], mine: [], progress: [], notices: [], pulled_at: 0 }

/** @param {Database} database @returns {Promise<{device: Device | null, world: World, language: string}>} */
export function readProfile(database) {
  return database.read(['profile'], profileIn)
}

/** @param {Transaction} transaction over `profile` @returns {Promise<{device: Device | null, world: World, language: string}>} */
export async function profileIn(transaction) {
  const [device = null, world = NOTHING_YET, language = ''] = await Promise.all(['device', 'world', 'language'].map((key) => transaction.get('profile', key)))
  return { device, world, language }
}

/** Begins work as `device`. What another user pulled goes; responses stay. @param {Database} database @param {Device} device */
export function signIn(database, device) {
  return database.write(['profile'], async (transaction) => {
    const before = await transaction.get('profile', 'device')
    if (before?.user.id !== device.user.id) await transaction.delete('profile', 'world')
    await transaction.put('profile', device, 'device')
  })
}

/** Notes that the server refuses this device, or knows it again. @param {Database} database @param {Device['state']} state */
export function setDeviceState(database, state) {
  return database.write(['profile'], async (transaction) => {
    const device = await transaction.get('profile', 'device')
    if (device && device.state !== state) await transaction.put('profile', { ...device, state }, 'device')
  })
}

/** Ends work on this phone. Drafts and unsent responses stay for the user's next sign-in (A18). @param {Database} database */
export function signOut(database) {
  return database.write(['profile'], async (transaction) => {
    await transaction.delete('profile', 'device')
    await transaction.delete('profile', 'world')
  })
}

/** @param {Database} database @param {string} language code */
export async function saveLanguage(database, language) {
  await database.write(['profile'], (transaction) => transaction.put('profile', language, 'language'))
}

/** @param {Database} database @param {World} world */
export async function saveWorld(database, world) {
  await database.cache(['profile'], (transaction) => transaction.put('profile', world, 'world'))
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
 * Removes models that neither the server offers nor a draft was begun with.
 * @param {Database} database
 * @param {FormInfo[]} offered
 */
export function dropModels(database, offered) {
  return database.write(['models', 'profile', 'drafts'], async (transaction) => {
    const needed = new Set(offered.map((form) => form.model))
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
