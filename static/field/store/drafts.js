/** Drafts: responses that are being filled in. */

import { decideSave } from './revision.js'

/** @typedef {import('./database.js').Database} Database */
/** @typedef {import('./database.js').Transaction} Transaction */
/** @typedef {import('./types.js').Draft} Draft */
/** @typedef {import('./types.js').FileEntry} FileEntry */

/** @param {Database} database @param {string} id @returns {Promise<Draft | undefined>} */
export async function readDraft(database, id) {
  const draft = await database.read(['drafts'], (transaction) => transaction.get('drafts', id))
  return database.keeper ? database.keeper.open(draft) : draft
}

/** Every draft that holds an answer, the latest first. @param {Transaction} transaction over `drafts` @returns {Promise<Draft[]>} */
export async function draftsIn(transaction) {
  const drafts = await transaction.all('drafts')
  return drafts.filter((draft) => draft.rev > 0).sort((one, other) => other.updated_at - one.updated_at)
}

/** Puts a new draft in, which holds no answer yet. @param {Database} database @param {Draft} draft */
export async function addDraft(database, draft) {
  await database.cache(['drafts'], (transaction) => transaction.put('drafts', draft))
}

/** @typedef {{draft: Draft, outcome: 'written' | 'gone' | 'changed'}} Saved the draft as stored; not `written`: under another id, since another tab finished or changed it (A01) */

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
    for (const file of await transaction.allBy('files', 'response', id)) await transaction.delete('files', [id, file.name])
  })
}
