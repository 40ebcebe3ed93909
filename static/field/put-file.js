/** Keeping a photo or another file of a draft. Fetched with the first one. */

import { hashBlob } from './digest.js'
import { addFile, fileName } from './store/new-files.js'

/**
 * Keeps a file, and gives the name that it has from now on.
 * @param {import('./store/database.js').Database} database
 * @param {import('./store/types.js').Draft} draft
 * @param {Blob} blob
 * @param {{path: string, type: string}} about
 * @returns {Promise<string>}
 */
export async function putFile(database, draft, blob, { path, type }) {
  const name = fileName(crypto.randomUUID(), type)
  const sha256 = await hashBlob(blob)
  await addFile(database, { author: draft.author, response: draft.id, name, path, blob, sha256, size: blob.size, type, url: '', offset: 0, done: false })
  return name
}
