/** How much this phone still holds, for the server's board and for the screen. */

/** @typedef {import('../store/database.js').Database} Database */
/** @typedef {{responses: number, files: number, drafts: number, failed: number, oldest?: string}} Waiting `failed`: responses that the server did not take for what is in them; `oldest`: when the oldest unsent response was finished */

/** @param {Database} database @returns {Promise<Waiting>} */
export function countWaiting(database) {
  return database.read(['outbox', 'drafts'], async (transaction) => {
    const entries = await transaction.all('outbox')
    const drafts = await transaction.all('drafts')
    const oldest = Math.min(...entries.map((entry) => entry.summary.finished_at))
    return {
      responses: entries.length,
      files: entries.reduce((sum, entry) => sum + entry.files_left.length, 0),
      drafts: drafts.filter((draft) => draft.rev > 0).length,
      failed: entries.filter(({ status }) => status === 'failed' || status === 'quarantined').length,
      ...(entries.length > 0 && { oldest: new Date(oldest).toISOString() }),
    }
  })
}
