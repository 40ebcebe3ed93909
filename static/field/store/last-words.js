/**
 * What a page held in the turn in which it was left (A13). Saving a draft takes longer than the browser may leave it; localStorage takes
 * an entry at once, whatever the database is busy with. A PIN seals only over several turns: its holder's last words are not kept.
 */

/** @typedef {import('./database.js').Database} Database */
/** @typedef {import('./types.js').Draft} Draft */

const WORD = 'left '

/** @param {Draft} draft as the page held it */
export function keepLastWords(draft) {
  try {
    localStorage.setItem(WORD + draft.id, JSON.stringify(draft))
  } catch {
    // It is full; what was saved before stays.
  }
}

/** @param {string} id the draft's */
export function dropLastWords(id) {
  localStorage.removeItem(WORD + id)
}

/**
 * The draft as it was left, where that is newer than what was saved, and nobody else saved since.
 * @param {Draft | undefined} stored
 * @returns {Draft | undefined}
 */
export function withLastWords(stored) {
  /** @type {Draft | null} */
  const left = stored ? JSON.parse(localStorage.getItem(WORD + stored.id) ?? 'null') : null
  // One saving may have been under way.
  if (!stored || !left || left.updated_at <= stored.updated_at || stored.rev > left.rev + 1) return stored
  return { ...stored, ...left, sealed: undefined, rev: stored.rev, forked_from: stored.forked_from }
}

/** Puts all that lies here among the drafts, before a PIN is put over these. @param {Database} database */
export async function absorbLastWords(database) {
  for (const key of Object.keys(localStorage).filter((name) => name.startsWith(WORD))) {
    await database.write(['drafts'], async (transaction) => {
      const stored = await transaction.get('drafts', key.slice(WORD.length))
      const draft = withLastWords(stored)
      if (draft !== stored) await transaction.put('drafts', { ...draft, rev: stored.rev + 1 })
    })
    localStorage.removeItem(key)
  }
}
