/** The file of unsent responses, for a phone that cannot send them any more (A07). A supervisor imports it; twice does no harm. */

import { toBase64 } from './digest.js'
import { isoLocal, offsetAt } from './clock.js'
import { named } from './store/profile.js'
import { randomBytes, recordKey, sealBox, sealJson, sealRecord, serverKey } from './vault/seal.js'

/** @typedef {import('./store/database.js').Database} Database */
/** @typedef {import('./store/types.js').OutboxEntry} OutboxEntry */
/** @typedef {import('./store/types.js').FileEntry} FileEntry */
/** @typedef {import('./store/types.js').SealingKey} SealingKey */
/** @typedef {import('./store/types.js').Vault} Vault */
/** @typedef {{entries: OutboxEntry[], files: FileEntry[], worlds: import('./store/types.js').World[], vaults: Vault[]}} Unsent */

/** How much is turned into base64 at a time: whole groups of three bytes, so that the pieces join. */
const PIECE_BYTES = 3 * 2 ** 16

/**
 * The file, as a list of pieces that a blob joins: photos go through the memory one by one, in pieces, and never all of them at once.
 * Shape: docs/sync-protocol.md, File of unsent responses.
 * @param {Database} database
 * @param {number} now
 * @returns {Promise<Blob>}
 */
export async function unsentFile(database, now) {
  const unsent = await readUnsent(database)
  const sealingKey = unsent.worlds.find((world) => world.sealing_key)?.sealing_key
  const saved_at = isoLocal(now, offsetAt(now))
  return new Blob(await (sealingKey ? sealedFile(unsent, sealingKey, saved_at) : plainFile(unsent, saved_at)), { type: 'application/json' })
}

/** @param {Database} database @returns {Promise<Unsent>} */
function readUnsent(database) {
  return database.read(['outbox', 'files', 'profile'], async (transaction) => {
    const entries = await transaction.all('outbox')
    const ids = new Set(entries.map(({ id }) => id))
    const files = (await transaction.all('files')).filter(({ response }) => ids.has(response))
    return { entries, files, worlds: await transaction.all('profile', named('world')), vaults: await transaction.all('profile', named('vault')) }
  })
}

/**
 * Version 1, where the phone has not been told yet for whom to seal: `{"collector": "unsent", "version": 1, "saved_at": dateTime,
 * "responses": [document, …], "files": [{"response", "name", "type", "sha256", "base64"}, …]}`. Documents are strings, byte for byte as
 * they would have been sent.
 * @param {Unsent} unsent
 * @param {string} saved_at
 */
async function plainFile({ entries, files }, saved_at) {
  const readable = entries.filter((entry) => !entry.sealed).map((entry) => entry.document)
  const head = JSON.stringify({ collector: 'unsent', version: 1, saved_at, responses: readable }).slice(0, -1)
  /** @type {BlobPart[]} */
  const pieces = [head, ',"files":[']
  let comma = ''
  for (const { response, name, type, sha256, blob } of files.filter((file) => !file.sealed)) {
    pieces.push(comma, JSON.stringify({ response, name, type, sha256 }).slice(0, -1), ',"base64":"', ...(await base64Of(blob)), '"}')
    comma = ','
  }
  return [...pieces, ']}']
}

/** Version 2. @param {Unsent} unsent @param {SealingKey} sealingKey @param {string} saved_at */
async function sealedFile({ entries, files, vaults }, sealingKey, saved_at) {
  const head = JSON.stringify({ collector: 'unsent', version: 2, saved_at, key_id: sealingKey.id }).slice(0, -1)
  /** @type {BlobPart[]} */
  const pieces = [head, ',"parts":[']
  let comma = ''
  for (const author of new Set(entries.map(({ summary }) => summary.author))) {
    const own = entries.filter(({ summary }) => summary.author === author)
    const ids = new Set(own.map(({ id }) => id))
    const ownFiles = files.filter(({ response }) => ids.has(response))
    const recovery = vaults.find(({ user }) => user === author)?.recovery
    // A phone may have died while a PIN was set: some lie sealed, and some open.
    const sealed = { author, entries: own.filter((entry) => entry.sealed), files: ownFiles.filter((file) => file.sealed) }
    const open = { author, entries: own.filter((entry) => !entry.sealed), files: ownFiles.filter((file) => !file.sealed) }
    if (recovery && sealed.entries.length + sealed.files.length > 0) {
      pieces.push(comma, ...(await part(sealed, recovery.sealed, null)))
      comma = ','
    }
    if (open.entries.length + open.files.length > 0) {
      const raw = randomBytes(32)
      pieces.push(comma, ...(await part(open, await sealBox(await serverKey(sealingKey.spki), open.author, raw), await recordKey(raw))))
      comma = ','
    }
  }
  return [...pieces, ']}']
}

/**
 * @param {{author: string, entries: OutboxEntry[], files: FileEntry[]}} own
 * @param {Uint8Array} box the key, sealed
 * @param {CryptoKey | null} key that seals them; null: they are sealed already, and go as they lie
 */
async function part({ author, entries, files }, box, key) {
  const responses = []
  for (const { document, sealed } of entries) responses.push(toBase64(key ? await sealJson(key, `document ${author}`, { document }) : /** @type {Uint8Array} */ (sealed)))
  /** @type {BlobPart[]} */
  const pieces = [JSON.stringify({ author, key: toBase64(box), responses }).slice(0, -1), ',"files":[']
  let comma = ''
  for (const { response, name, type, sha256, size, blob, sealed } of files) {
    const content = key ? new Blob([await sealRecord(key, `file ${author}`, await blob.arrayBuffer())]) : /** @type {Blob} */ (sealed)
    pieces.push(comma, JSON.stringify({ response, name, type, sha256, size }).slice(0, -1), ',"content":"', ...(await base64Of(content)), '"}')
    comma = ','
  }
  return [...pieces, ']}']
}

/** @param {Blob} content @returns {Promise<Blob[]>} its base64: as blobs, which the browser may put on the disk */
async function base64Of(content) {
  const pieces = []
  for (let start = 0; start < content.size; start += PIECE_BYTES) {
    pieces.push(new Blob([toBase64(new Uint8Array(await content.slice(start, start + PIECE_BYTES).arrayBuffer()))]))
  }
  return pieces
}

/** Offers the file for saving. @param {Database} database */
export async function downloadUnsent(database) {
  const now = Date.now()
  const link = document.createElement('a')
  link.href = URL.createObjectURL(await unsentFile(database, now))
  link.download = `collector-unsent-${isoLocal(now, offsetAt(now)).slice(0, 16).replace(/\D/g, '')}.json`
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60000)
}
