/** Everything that the lists show, read in one go. */

import { listDrafts } from './store/drafts.js'
import { listOutbox, listSent } from './store/outbox.js'
import { listFiles, listModels, readProfile } from './store/profile.js'

/** @typedef {import('./store/types.js').Draft} Draft */
/** @typedef {import('./store/types.js').OutboxEntry} OutboxEntry */
/** @typedef {import('./store/types.js').SentEntry} SentEntry */
/**
 * @typedef {object} State
 * @property {import('./store/types.js').Device | null} device
 * @property {import('./store/types.js').World} world
 * @property {string} language as chosen on this phone, '' for none
 * @property {Draft[]} drafts of the present user
 * @property {OutboxEntry[]} outbox
 * @property {SentEntry[]} sent
 * @property {Record<string, boolean>} models that can be opened, by hash: whether the form asks for a place
 * @property {Record<string, {here: number, all: number}>} loading models of which files are still to come, by hash: how many are here
 */

/** @param {import('./store/database.js').Database} database @returns {Promise<State>} */
export async function readState(database) {
  const profile = await readProfile(database)
  const author = profile.device?.user.id
  const drafts = (await listDrafts(database)).filter((draft) => draft.author === author)
  const outbox = await listOutbox(database)
  const sent = await listSent(database, Date.now())
  return { ...profile, drafts, outbox, sent, ...(await openableModels(database)) }
}

/** @param {import('./store/database.js').Database} database @returns {Promise<Pick<State, 'models' | 'loading'>>} */
async function openableModels(database) {
  const models = await listModels(database)
  const files = await listFiles(database)
  if (Object.keys(files).length === 0) return { models, loading: {} }
  return (await import('./store/form-files.js')).wholeModels(models, files)
}
