/**
 * The database's layout, version by version. A step only ever adds: what a phone holds unsent survives each of them (A06).
 *
 * | store | key | holds |
 * |---|---|---|
 * | profile | name | `device <user>` (token, id, user), `world <user>` (the last pull), `vault <user>` (the key under a PIN), `present` (which of them), `models` (which are kept), `files` (which each of them names; their bytes are in Cache Storage), `language` |
 * | models | hash | form models as text |
 * | drafts | id | responses being filled in; the id is the future response's, or that of a response that was returned |
 * | outbox | hash | finished documents, until the server's receipt and every file of theirs |
 * | files | [response, name] | photos and the like, with the progress of their upload |
 * | sent | hash | receipts, kept for 30 days |
 * | doors | id | the doors that each volunteer visits, their own and those of the office's lists, with the visits that are to be sent; what is written about one lies sealed where its author has a PIN |
 */

export const DATABASE_NAME = 'collector'

/** @typedef {'profile' | 'models' | 'drafts' | 'outbox' | 'files' | 'sent' | 'doors'} StoreName */

/** One step a version: step 0 makes version 1. @type {((database: IDBDatabase, transaction: IDBTransaction) => void)[]} */
export const STEPS = [
  (database) => {
    database.createObjectStore('profile')
    database.createObjectStore('models', { keyPath: 'hash' })
    database.createObjectStore('drafts', { keyPath: 'id' })
    database.createObjectStore('outbox', { keyPath: 'hash' }).createIndex('id', 'id')
    database.createObjectStore('files', { keyPath: ['response', 'name'] }).createIndex('response', 'response')
    database.createObjectStore('sent', { keyPath: 'hash' })
  },
  // From one volunteer a phone to several: what was theirs gets their name.
  (_database, transaction) => {
    const profile = transaction.objectStore('profile')
    profile.get('device').onsuccess = (/** @type {any} */ { target: { result: device } }) => {
      if (!device) return
      const user = device.user.id
      profile.put(device, `device ${user}`)
      profile.put(user, 'present')
      profile.delete('device')
      profile.get('world').onsuccess = (/** @type {any} */ { target: { result: world } }) => {
        if (world) profile.put({ ...world, user }, `world ${user}`)
        profile.delete('world')
      }
    }
  },
  (database) => {
    database.createObjectStore('doors', { keyPath: 'id' })
  },
]
