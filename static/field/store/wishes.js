/** What a volunteer chose on this phone, and what the next response of a questionnaire begins with. */

/** @typedef {import('./database.js').Database} Database */
/** @typedef {import('../fill/wish.js').Layout} Layout */

/** @param {Database} database @returns {Promise<Layout>} how questionnaires are shown */
export async function readLayout(database) {
  return (await database.read(['profile'], (transaction) => transaction.get('profile', 'layout'))) ?? 'form'
}

/** @param {Database} database @param {Layout} layout */
export async function saveLayout(database, layout) {
  await database.write(['profile'], (transaction) => transaction.put('profile', layout, 'layout'))
}

/**
 * The answers of the last response to a questionnaire that this volunteer finished here, for `${last-saved#question}`.
 * @param {Database} database
 * @param {{author: string, form: string}} of
 * @returns {Promise<any>} null where there is none
 */
export async function readLastSaved(database, { author, form }) {
  const answers = (await database.read(['profile'], (transaction) => transaction.get('profile', `last-saved ${author} ${form}`))) ?? null
  return database.keeper ? database.keeper.openAnswers(author, answers) : answers
}

/** @param {Database} database @param {{author: string, form: string}} of @param {any} answers of the finished response */
export async function saveLastSaved(database, { author, form }, answers) {
  const kept = database.keeper ? await database.keeper.sealAnswers(author, answers) : answers
  await database.write(['profile'], (transaction) => transaction.put('profile', kept, `last-saved ${author} ${form}`))
}
