/** What becomes of an entry of the outbox: it comes from a draft, is changed while it is sent, and is closed once it is wholly at the server. */

import { noted, told } from '../doors.js'
import { doorOf, doorsIn } from './doors.js'
import { decideFinish } from './revision.js'
import { forkDraft } from './draft-saving.js'

/** @typedef {import('./database.js').Database} Database */
/** @typedef {import('./types.js').Draft} Draft */
/** @typedef {import('./types.js').OutboxEntry} OutboxEntry */

/**
 * Turns a draft into an outbox entry, in one transaction: there is no moment in which both exist, or neither (A12). Its door is visited.
 * @param {Database} database
 * @param {Draft} draft with the `rev` that the tab knows
 * @param {OutboxEntry} entry
 * @param {string[]} fileNames files that the document names; the draft's others go
 * @param {() => string} uuid
 * @returns {Promise<{finished: boolean, draft: Draft}>} not finished: another tab was first, and `draft` is the new one that keeps the answers
 */
export async function finishDraft(database, draft, entry, fileNames, uuid) {
  const { keeper } = database
  const [keptDraft, kept] = keeper ? [await keeper.seal(draft), await keeper.seal(entry)] : [draft, entry]
  return database.write(['drafts', 'outbox', 'files', 'doors'], async (transaction) => {
    const stored = await transaction.get('drafts', draft.id)
    const action = decideFinish(stored, draft.rev)
    if (action === 'fork') return { finished: false, draft: { ...draft, ...(await forkDraft(transaction, keptDraft, uuid)) } }
    if (action === 'finish-and-keep-other') await forkDraft(transaction, stored, uuid)
    await transaction.put('outbox', kept)
    await transaction.delete('drafts', draft.id)
    // Nobody visits a door again for a correction.
    const door = draft.returned ? undefined : doorOf(await doorsIn(transaction), draft)
    if (door) await transaction.put('doors', told({ ...noted(door, 'visited', entry.summary.finished_at), response: draft.id, rev: door.rev + 1 }, uuid()))
    for (const file of await transaction.allBy('files', 'response', draft.id)) {
      if (!fileNames.includes(file.name)) await transaction.delete('files', [draft.id, file.name])
    }
    return { finished: true, draft }
  })
}

/**
 * Changes an entry, if it is still there. What it says never changes, and stays sealed or not.
 * @param {Database} database
 * @param {string} hash
 * @param {Partial<OutboxEntry>} changes
 */
export function updateEntry(database, hash, changes) {
  return database.write(['outbox'], async (transaction) => {
    const entry = await transaction.get('outbox', hash)
    if (entry) await transaction.put('outbox', { ...entry, ...changes, document: entry.document, summary: entry.summary })
  })
}

/**
 * Moves an entry that is wholly at the server to the receipts, and lets its files go.
 * @param {Database} database
 * @param {OutboxEntry} entry
 * @param {{status: string, message: string}} receipt
 * @param {number} now milliseconds since 1970
 */
export function closeEntry(database, entry, receipt, now) {
  return database.write(['outbox', 'files', 'sent'], async (transaction) => {
    // The summary as it lies, sealed or not. Another tab may have closed it before.
    const stored = await transaction.get('outbox', entry.hash)
    if (stored) await transaction.put('sent', { hash: entry.hash, id: entry.id, sent_at: now, summary: stored.summary, ...(stored.base && { base: stored.base }), ...receipt })
    // A correction takes the place of what it corrects: one response is one entry.
    for (const earlier of stored?.base ? await transaction.all('sent') : []) {
      if (earlier.id === entry.id && earlier.hash !== entry.hash) await transaction.delete('sent', earlier.hash)
    }
    await transaction.delete('outbox', entry.hash)
    // A later revision of the same response may still need them.
    if ((await transaction.allBy('outbox', 'id', entry.id)).length > 0) return
    for (const file of await transaction.allBy('files', 'response', entry.id)) {
      await transaction.delete('files', [entry.id, file.name])
    }
  })
}
