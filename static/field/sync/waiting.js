/** How much this phone still holds, for the server's board and for the screen. */

/** @typedef {import('../store/database.js').Database} Database */
/** @typedef {{responses: number, files: number, drafts: number}} Waiting */

/** @param {Database} database @returns {Promise<Waiting>} */
export function countWaiting(database) {
  return database.read(['outbox', 'drafts'], async (transaction) => {
    const entries = await transaction.all('outbox')
    const drafts = await transaction.all('drafts')
    return {
      responses: entries.length,
      files: entries.reduce((sum, entry) => sum + entry.files_left.length, 0),
      drafts: drafts.filter((draft) => draft.rev > 0).length,
    }
  })
}
