/** Names of files, and writing a new one down. */

/** @typedef {import('./database.js').Database} Database */
/** @typedef {import('./types.js').FileEntry} FileEntry */

/** Extensions of the types that phones make; others get none that could mislead. @type {Record<string, string>} */
const EXTENSIONS = {
  'image/jpeg': '.jpg',
  'image/png': '.png',
  'image/webp': '.webp',
  'image/heic': '.heic',
  'audio/mpeg': '.mp3',
  'audio/mp4': '.m4a',
  'audio/webm': '.weba',
  'video/mp4': '.mp4',
  'video/webm': '.webm',
  'video/quicktime': '.mov',
  'application/pdf': '.pdf',
  'text/csv': '.csv',
}

/**
 * A name that no other file has, whatever the camera called it (A22).
 * @param {string} uuid
 * @param {string} type MIME type, parameters allowed
 */
export function fileName(uuid, type) {
  return uuid + (EXTENSIONS[type.split(';')[0].trim().toLowerCase()] ?? '.bin')
}

/** @param {Database} database @param {FileEntry} entry */
export async function addFile(database, entry) {
  const kept = database.keeper ? await database.keeper.seal(entry) : entry
  await database.write(['files'], (transaction) => transaction.put('files', kept))
}
