/** Photos and other files of responses, kept as blobs until the server has them. */

/** @typedef {import('./database.js').Database} Database */
/** @typedef {import('./types.js').FileEntry} FileEntry */

/** @param {Database} database @param {string} response @param {string} name @returns {Promise<FileEntry | undefined>} */
export async function readFile(database, response, name) {
  const file = await database.read(['files'], (transaction) => transaction.get('files', [response, name]))
  return database.keeper ? database.keeper.open(file) : file?.sealed ? undefined : file
}

/** @param {Database} database @param {string} response @param {string} name */
export async function removeFile(database, response, name) {
  await database.write(['files'], (transaction) => transaction.delete('files', [response, name]))
}

/** Those of a volunteer with a PIN as they lie, without their bytes. @param {Database} database @param {string} response @returns {Promise<FileEntry[]>} */
export function filesOf(database, response) {
  return database.read(['files'], (transaction) => transaction.allBy('files', 'response', response))
}

/**
 * Notes how far an upload has come, if the file is still kept.
 * @param {Database} database
 * @param {FileEntry} file
 * @param {Partial<FileEntry>} changes
 */
export function updateFile(database, file, changes) {
  return database.write(['files'], async (transaction) => {
    const entry = await transaction.get('files', [file.response, file.name])
    if (entry) await transaction.put('files', { ...entry, ...changes })
  })
}
