/** Reading, saving and discarding one draft: what only the page of a questionnaire, and the list that may discard it, need. */

import { decideSave } from './revision.js'

/** @typedef {import('./database.js').Database} Database */
/** @typedef {import('./database.js').Transaction} Transaction */
/** @typedef {import('./types.js').Draft} Draft */
/** @typedef {{draft: Draft, outcome: 'written' | 'gone' | 'changed'}} Saved the draft as stored; not `written`: under another id, since another tab finished or changed it (A01) */

/** Where the last words of a page that was left lie, among the drafts. @param {string} id */
export const lastWordsKey = (id) => `left ${id}`

/**
 * Keeps what a page holds in the turn in which it is left. Saving reads before it writes, and the page may end in between (A13). No list
 * shows the entry, whose `rev` is negative. What a PIN seals takes longer than a turn.
 * @param {Database} database
 * @param {Draft} draft
 */
export function saveLastWords(database, draft) {
  if (!database.keeper) database.throwIn('drafts', { ...draft, id: lastWordsKey(draft.id), rev: -1 - draft.rev, forked_from: undefined })
}

/** Whether a page's last words are newer than what it saved, and nobody else saved since. @param {Draft | undefined} stored @param {Draft | undefined} left */
function isAhead(stored, left) {
  // One saving may have been under way.
  return stored && left && left.updated_at > stored.updated_at && stored.rev <= -left.rev
}

/** @param {Database} database @param {string} id @returns {Promise<Draft | undefined>} */
export async function readDraft(database, id) {
  const [stored, left] = await database.read(['drafts'], (transaction) => Promise.all([transaction.get('drafts', id), transaction.get('drafts', lastWordsKey(id))]))
  const draft = isAhead(stored, left) ? { ...stored, ...left, sealed: left.sealed, id, rev: stored.rev, forked_from: stored.forked_from } : stored
  return database.keeper ? database.keeper.open(draft) : draft
}

/**
 * Saves what a tab holds.
 * @param {Database} database
 * @param {Draft} draft with the `rev` that the tab knows
 * @param {() => string} uuid
 * @returns {Promise<Saved>}
 */
export async function saveDraft(database, draft, uuid) {
  const kept = database.keeper ? await database.keeper.seal(draft) : draft
  return database.write(['drafts', 'files'], async (transaction) => {
    const stored = await transaction.get('drafts', draft.id)
    if (decideSave(stored, draft.rev) === 'fork') {
      return { draft: { ...draft, ...(await forkDraft(transaction, kept, uuid)) }, outcome: stored ? 'changed' : 'gone' }
    }
    const rev = draft.rev + 1
    await transaction.put('drafts', { ...kept, rev })
    return { draft: { ...draft, rev }, outcome: 'written' }
  })
}

/**
 * Keeps `draft`, sealed or not, under a new id, with copies of its files, and gives what is other about it. The same saving is split off only once.
 * @param {Transaction} transaction over drafts and files
 * @param {Draft} draft
 * @param {() => string} uuid
 * @returns {Promise<Pick<Draft, 'id' | 'rev' | 'forked_from'>>}
 */
export async function forkDraft(transaction, draft, uuid) {
  const origin = `${draft.id}@${draft.rev}`
  const earlier = (await transaction.all('drafts')).find((other) => other.forked_from === origin)
  const fork = { id: earlier?.id ?? uuid(), rev: (earlier?.rev ?? draft.rev) + 1, forked_from: origin }
  await transaction.put('drafts', { ...draft, ...fork })
  for (const file of await transaction.allBy('files', 'response', draft.id)) {
    await transaction.put('files', { ...file, response: fork.id, url: '', offset: 0, done: false })
  }
  return fork
}

/** Removes a draft and its files. @param {Database} database @param {string} id */
export function discardDraft(database, id) {
  return database.write(['drafts', 'files'], async (transaction) => {
    await transaction.delete('drafts', id)
    await transaction.delete('drafts', lastWordsKey(id))
    for (const file of await transaction.allBy('files', 'response', id)) await transaction.delete('files', [id, file.name])
  })
}
