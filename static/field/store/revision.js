/** What happens to a draft that may have been changed, sent or removed by another tab meanwhile (A01). */

/** @typedef {import('./types.js').Draft} Draft */

/**
 * The rule: a tab writes over the draft only where it knows the newest saving of it; otherwise what it holds becomes a draft of its own.
 * @param {Draft | undefined} stored as the database has it now
 * @param {number} knownRev the saving that the tab last read or wrote
 * @returns {'write' | 'fork'}
 */
export function decideSave(stored, knownRev) {
  return stored !== undefined && stored.rev === knownRev ? 'write' : 'fork'
}

/**
 * What finishing does: the first tab that finishes takes the draft's id. Where another tab saved other answers since, those stay as a
 * draft of their own; where the draft is gone, another tab has sent it, and these answers become a new draft.
 * @param {Draft | undefined} stored
 * @param {number} knownRev
 * @returns {'finish' | 'finish-and-keep-other' | 'fork'}
 */
export function decideFinish(stored, knownRev) {
  if (stored === undefined) return 'fork'
  return stored.rev === knownRev ? 'finish' : 'finish-and-keep-other'
}
