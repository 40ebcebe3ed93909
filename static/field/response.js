/** The response document, from what the form and the phone know. Pure; shape in docs/sync-protocol.md. */

import { isoLocal } from './clock.js'

/** @typedef {import('./store/types.js').Draft} Draft */
/** @typedef {import('./store/types.js').FileEntry} FileEntry */

/**
 * Where each file is named in the answers: paths with 1-based positions of rows, by the file's name.
 * @param {any} answers
 * @param {string} path of `answers`, such as `/data`
 * @param {Set<string>} names
 * @returns {Map<string, string>}
 */
export function filePaths(answers, path, names) {
  /** @type {Map<string, string>} */
  const found = new Map()
  /** @param {any} value @param {string} at */
  const visit = (value, at) => {
    if (typeof value === 'string') {
      if (names.has(value)) found.set(value, at)
    } else if (Array.isArray(value)) {
      value.forEach((row, index) => visit(row, `${at}[${index + 1}]`))
    } else if (value) {
      for (const [name, inner] of Object.entries(value)) visit(inner, `${at}/${name}`)
    }
  }
  visit(answers, path)
  return found
}

/**
 * The document as the string that is sent, byte for byte, and the names of those of its files that are here. The correction of a returned
 * response keeps the times of the interview, and names the files that the server has already.
 * @param {object} parts
 * @param {Draft} parts.draft
 * @param {{answers: any, instanceName: string}} parts.result of `form.finish()`
 * @param {string} parts.root name of the form's root
 * @param {string} parts.language name of the form's language
 * @param {FileEntry[]} parts.files that are kept here
 * @param {string} parts.device
 * @param {number} parts.now
 * @param {(ms: number) => number} parts.offsetAt
 * @param {string} parts.tz
 * @returns {{text: string, fileNames: string[]}}
 */
export function makeDocument({ draft, result, root, language, files, device, now, offsetAt, tz }) {
  const { returned } = draft
  const known = [...files, ...(returned?.files ?? [])]
  const paths = filePaths(result.answers, `/${root}`, new Set(known.map((file) => file.name)))
  const kept = known.filter((file) => paths.has(file.name))
  const finishedAt = isoLocal(now, offsetAt(now))
  const document = {
    id: draft.id,
    form: draft.form,
    version: draft.version,
    model: draft.model,
    base: returned?.revision ?? null,
    place: draft.place,
    author: draft.author,
    device,
    language,
    started_at: returned?.started_at ?? isoLocal(draft.started_at, offsetAt(draft.started_at)),
    finished_at: returned?.finished_at ?? finishedAt,
    ...(returned && { corrected_at: finishedAt }),
    tz,
    answers: withInstanceId(result.answers, draft.id),
    instance_name: result.instanceName,
    files: kept.map(({ name, size, sha256, type }) => ({ name, path: paths.get(name), size, sha256, type })),
  }
  return { text: JSON.stringify(document), fileNames: files.map((file) => file.name).filter((name) => paths.has(name)) }
}

/**
 * The answers with the document's own id as instanceID, so that both name the same response (OpenRosa metadata schema).
 * @param {any} answers
 * @param {string} id
 */
function withInstanceId(answers, id) {
  return { ...answers, meta: { ...answers.meta, instanceID: `uuid:${id}` } }
}
