/** Everything that the lists show of the present volunteer, read in one go. */

import { doorsIn } from './store/doors.js'
import { draftsIn } from './store/drafts.js'
import { outboxIn, sentIn } from './store/outbox.js'
import { filesIn, modelsIn, profileIn } from './store/profile.js'

/** @typedef {import('./store/types.js').Door} Door */
/** @typedef {import('./store/types.js').Draft} Draft */
/** @typedef {import('./store/types.js').OutboxEntry} OutboxEntry */
/** @typedef {import('./store/types.js').SentEntry} SentEntry */
/**
 * @typedef {object} State
 * @property {import('./store/types.js').Device | null} device
 * @property {import('./store/types.js').Device[]} people every volunteer of this phone
 * @property {boolean} hasPin the present volunteer
 * @property {import('./store/types.js').World} world
 * @property {string} language as chosen on this phone, '' for none
 * @property {Draft[]} drafts of the present user
 * @property {Door[]} doors of the present user
 * @property {OutboxEntry[]} outbox of the present user; without one, everybody's
 * @property {OutboxEntry[]} others what others have in the outbox
 * @property {SentEntry[]} sent
 * @property {Record<string, boolean>} models that can be opened, by hash: whether the form asks for a place
 * @property {Record<string, {here: number, all: number}>} loading models of which files are still to come, by hash: how many are here
 */

/** @param {import('./store/database.js').Database} database @returns {Promise<State>} */
export async function readState(database) {
  // In one transaction: to open several takes longer than to read all this.
  const [profile, drafts, doors, outbox, sent, models, files] = await database.read(['profile', 'drafts', 'doors', 'outbox', 'sent'], (transaction) =>
    Promise.all([profileIn(transaction), draftsIn(transaction), doorsIn(transaction), outboxIn(transaction), sentIn(transaction, Date.now()), modelsIn(transaction), filesIn(transaction)]))
  const author = profile.device?.user.id
  const isOwn = (/** @type {{summary: {author: string}}} */ { summary }) => !author || summary.author === author
  const isTheirs = (/** @type {{author: string}} */ entry) => entry.author === author
  const own = { drafts: drafts.filter(isTheirs), doors: doors.filter(isTheirs), outbox: outbox.filter(isOwn), sent: sent.filter(isOwn) }
  const shown = database.keeper ? await database.keeper.shown(own) : own
  return { ...profile, ...shown, others: outbox.filter((entry) => !isOwn(entry)), ...(await openableModels(models, files)) }
}

/**
 * @param {Record<string, boolean>} models
 * @param {Record<string, Record<string, number>>} files
 * @returns {Promise<Pick<State, 'models' | 'loading'>>}
 */
async function openableModels(models, files) {
  if (Object.keys(files).length === 0) return { models, loading: {} }
  return (await import('./store/form-files.js')).wholeModels(models, files)
}
