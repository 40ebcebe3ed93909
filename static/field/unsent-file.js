/** The file of unsent responses, for a phone that cannot send them any more (A07). An administrator imports it; twice does no harm. */

import { toBase64 } from './digest.js'
import { isoLocal, offsetAt } from './clock.js'
import { listOutbox } from './store/outbox.js'
import { filesOf } from './store/files.js'

/** @typedef {import('./store/database.js').Database} Database */

/**
 * Everything in the outbox: `{"collector": "unsent", "version": 1, "saved_at": dateTime, "responses": [document, …], "files": [{"response",
 * "name", "type", "sha256", "base64"}, …]}`. Documents are strings, byte for byte as they would have been sent.
 * @param {Database} database
 * @param {number} now
 */
export async function unsentFile(database, now) {
  const entries = await listOutbox(database)
  const files = []
  for (const id of new Set(entries.map((entry) => entry.id))) {
    for (const { response, name, type, sha256, blob } of await filesOf(database, id)) {
      files.push({ response, name, type, sha256, base64: toBase64(new Uint8Array(await blob.arrayBuffer())) })
    }
  }
  return { collector: 'unsent', version: 1, saved_at: isoLocal(now, offsetAt(now)), responses: entries.map((entry) => entry.document), files }
}

/** Offers the file for saving. @param {Database} database */
export async function downloadUnsent(database) {
  const now = Date.now()
  const blob = new Blob([JSON.stringify(await unsentFile(database, now))], { type: 'application/json' })
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = `collector-unsent-${isoLocal(now, offsetAt(now)).slice(0, 16).replace(/\D/g, '')}.json`
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60000)
}
