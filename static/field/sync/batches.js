/** How the outbox is cut into calls. Pure. */

/** @typedef {import('../store/types.js').OutboxEntry} OutboxEntry */

export const MOST_DOCUMENTS = 50
/** A quarter of the server's limit: a call over a weak link has to end before its time limit. */
export const MOST_CHARACTERS = 4 * 1024 * 1024

/**
 * Cuts `entries`, in order, into batches of at most 50 documents and about 4 MB. A document that is larger alone goes alone.
 * @param {OutboxEntry[]} entries
 * @returns {OutboxEntry[][]}
 */
export function batches(entries) {
  /** @type {OutboxEntry[][]} */
  const all = []
  let size = Infinity
  for (const entry of entries) {
    const length = entry.document.length
    if (size + length > MOST_CHARACTERS || all[all.length - 1].length === MOST_DOCUMENTS) {
      all.push([])
      size = 0
    }
    all[all.length - 1].push(entry)
    size += length
  }
  return all
}
