/** Reading, saving and discarding one draft: what only the page of a questionnaire, and the list that may discard it, need. */

import { dropLastWords, withLastWords } from './last-words.js'
import { decideSave } from './revision.js'

/** @typedef {import('./database.js').Database} Database */
/** @typedef {import('./database.js').Transaction} Transaction */
/** @typedef {import('./types.js').Draft} Draft */
/** @typedef {{draft: Draft, outcome: 'written' | 'gone' | 'changed'}} Saved the draft as stored; not `written`: under another id, since another tab finished or changed it (A01) */

/** @param {Database} database @param {string} id @returns {Promise<Draft | undefined>} */
export async function readDraft(database, id) {
  const draft = withLastWords(await database.read(['drafts'], (transaction) => transaction.get('drafts', id)))
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
    const stored = (await transaction.get('drafts', draft.id)) ?? (draft.isUnkept ? draft : undefined)
    if (decideSave(stored, draft.rev) === 'fork') {
      return { draft: { ...draft, ...(await forkDraft(transaction, kept, uuid)) }, outcome: stored ? 'changed' : 'gone' }
    }
    const next = { rev: draft.rev + 1, isUnkept: false }
    await transaction.put('drafts', { ...kept, ...next })
    return { draft: { ...draft, ...next }, outcome: 'written' }
  })
}

/**
 * Keeps `draft`, sealed or not, under a new id, with copies of its files, and gives what is other about it. The same saving is split off only once.
 * @param {Transaction} transaction over drafts and files
 * @param {Draft} draft
 * @param {() => string} uuid
 * @returns {Promise<Pick<Draft, 'id' | 'rev' | 'forked_from' | 'returned'>>}
 */
export async function forkDraft(transaction, draft, uuid) {
  const origin = `${draft.id}@${draft.rev}`
  const earlier = (await transaction.all('drafts')).find((other) => other.forked_from === origin)
  // Of a returned response only one draft is its correction.
  const fork = { id: earlier?.id ?? uuid(), rev: (earlier?.rev ?? draft.rev) + 1, forked_from: origin, returned: undefined }
  await transaction.put('drafts', { ...draft, ...fork })
  for (const file of await transaction.allBy('files', 'response', draft.id)) {
    await transaction.put('files', { ...file, response: fork.id, url: '', offset: 0, done: false })
  }
  return fork
}

/** Removes a draft and its files. @param {Database} database @param {string} id */
export function discardDraft(database, id) {
  dropLastWords(id)
  return database.write(['drafts', 'files'], async (transaction) => {
    await transaction.delete('drafts', id)
    for (const file of await transaction.allBy('files', 'response', id)) await transaction.delete('files', [id, file.name])
  })
}
