/** Drafts: responses that are being filled in. */

/** @typedef {import('./database.js').Database} Database */
/** @typedef {import('./database.js').Transaction} Transaction */
/** @typedef {import('./types.js').Draft} Draft */

/** Every draft that holds an answer, the latest first. @param {Transaction} transaction over `drafts` @returns {Promise<Draft[]>} */
export async function draftsIn(transaction) {
  const drafts = await transaction.all('drafts')
  return drafts.filter((draft) => draft.rev > 0).sort((one, other) => other.updated_at - one.updated_at)
}

/** Puts a new draft in, which holds no answer yet. @param {Database} database @param {Draft} draft */
export async function addDraft(database, draft) {
  await database.cache(['drafts'], (transaction) => transaction.put('drafts', draft))
}
