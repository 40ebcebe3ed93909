/** What becomes of responses that a supervisor returned: each is a draft with all its answers, until it is sent again. Pure. */

/** @typedef {import('./store/types.js').Draft} Draft */
/** @typedef {{id: string, base?: number}} Sent an entry of the outbox, or a receipt */

/**
 * The draft of a returned response; null where its document cannot be read.
 * @param {any} item as a pull brings it, docs/sync-protocol.md
 * @param {string} author
 * @returns {Draft | null}
 */
export function draftOf(item, author) {
  const document = parsed(item.document)
  if (!document?.answers || typeof item.model !== 'string') return null
  const at = Date.parse(item.returned_at) || Date.parse(document.finished_at) || 0
  const { started_at, finished_at, files } = document
  return {
    id: item.id,
    form: item.form,
    version: item.version,
    model: item.model,
    title: item.title,
    place: document.place ?? null,
    author,
    language: document.language ?? '',
    answers: document.answers,
    position: '',
    name: document.instance_name ?? '',
    started_at: Date.parse(started_at) || at,
    updated_at: at,
    // It holds answers, and none of them was changed yet.
    rev: UNCHANGED,
    reason: item.reason,
    returned: { revision: item.revision, at: item.returned_at ?? '', started_at, finished_at, files: files ?? [] },
  }
}

/** The saving of a draft that is as it was returned. */
const UNCHANGED = 1

/** @param {string} text @returns {any} */
function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/**
 * Which drafts are put in, and which go since the office thought better of it. What the volunteer changed is never touched.
 * @param {Draft[]} wanted as the server says now
 * @param {object} kept
 * @param {Draft[]} kept.drafts the volunteer's
 * @param {Sent[]} kept.outbox
 * @param {Sent[]} kept.sent
 * @param {Set<string>} open ids of drafts that are on a screen
 * @returns {{put: Draft[], drop: string[], isAll: boolean}} not all: something has to wait for the next pull
 */
export function planReturned(wanted, { drafts, outbox, sent }, open) {
  /** @type {{put: Draft[], drop: string[], isAll: boolean}} */
  const plan = { put: [], drop: [], isAll: true }
  const isCorrected = (/** @type {Draft} */ draft, /** @type {Sent[]} */ entries) =>
    entries.some(({ id, base = 0 }) => id === draft.id && base >= (draft.returned?.revision ?? 0))
  for (const draft of wanted) {
    const present = drafts.find(({ id }) => id === draft.id)
    const isKnown = present && (present.rev > UNCHANGED || isSame(present, draft))
    if (isKnown || isCorrected(draft, [...outbox, ...sent])) continue
    // Its files may still be on their way; what is on a screen must not change under the volunteer's hands.
    if (open.has(draft.id) || outbox.some(({ id }) => id === draft.id)) plan.isAll = false
    else plan.put.push(draft)
  }
  const gone = drafts.filter(({ id, returned, rev }) => returned && rev <= UNCHANGED && !wanted.some((draft) => draft.id === id))
  plan.drop = gone.map(({ id }) => id).filter((id) => !open.has(id))
  plan.isAll &&= plan.drop.length === gone.length
  return plan
}

/** @param {Draft} one @param {Draft} other */
function isSame({ returned: one }, { returned: other }) {
  return one?.revision === other?.revision && one?.at === other?.at
}
