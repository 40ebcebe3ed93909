/** What the first pages show of calls, doors and the next response is fetched once something was begun on this phone. */

/** @typedef {import('../application.js').App} App */
/** @typedef {typeof import('./more.js') | null} More */

/**
 * Gives what more.js draws, and has its words ready; null while nothing was begun, and where it cannot be had.
 * @param {App} app
 * @returns {Promise<More>}
 */
export async function fetchMore({ state: { doors, drafts, outbox, sent } }) {
  if (doors.length + drafts.length + outbox.length + sent.length === 0) return null
  try {
    const [more, { fetchDoorWords }] = await Promise.all([import('./more.js'), import('./door-words.js')])
    await fetchDoorWords()
    return more
  } catch {
    return null
  }
}
