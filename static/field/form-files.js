/** The lists and media of one questionnaire while it is open. Loaded only for one that has some. */

/** @import { FormMedia } from './fill/types.js' */

/**
 * @typedef {object} FormFiles
 * @property {(id: string) => {columns: string[], rows: string[][]} | null} list for the engine's host
 * @property {FormMedia} media
 * @property {() => void} close gives the object URLs back
 */

/**
 * Reads the lists that a form model names, so that the engine has them at hand, and makes media ready to be shown.
 * Rejects where a list that was uploaded cannot be had.
 *
 * @param {any} model
 * @param {(sha256: string) => Promise<Response | undefined>} read gives a file by its hash
 * @returns {Promise<FormFiles>}
 */
export async function openFormFiles(model, read) {
  /** @type {Map<string, any>} */
  const lists = new Map()
  for (const [id, { sha256 }] of Object.entries(/** @type {Record<string, any>} */ (model.lists))) {
    if (!sha256) continue
    const answer = await read(sha256)
    if (!answer?.ok) throw new Error(`the list ${id} is not here`)
    lists.set(id, await answer.json())
  }
  const media = new OpenMedia(model.media ?? {}, read)
  return { list: (id) => lists.get(id) ?? null, media: (name) => media.url(name), close: () => media.close() }
}

/** Object URLs of media, each made when it is first asked for. */
class OpenMedia {
  #entries
  #read
  /** @type {Map<string, Promise<string>>} */
  #urls = new Map()

  /**
   * @param {Record<string, {sha256: string, type: string}>} entries by name
   * @param {(sha256: string) => Promise<Response | undefined>} read
   */
  constructor(entries, read) {
    this.#entries = entries
    this.#read = read
  }

  /** @param {string} name @returns {Promise<string>} '' where there is no such file */
  url(name) {
    if (!Object.hasOwn(this.#entries, name)) return Promise.resolve('')
    const url = this.#urls.get(name) ?? this.#make(this.#entries[name])
    this.#urls.set(name, url)
    return url
  }

  /** @param {{sha256: string, type: string}} entry */
  async #make({ sha256, type }) {
    try {
      const answer = await this.#read(sha256)
      return answer?.ok ? URL.createObjectURL(new Blob([await answer.arrayBuffer()], { type })) : ''
    } catch {
      return ''
    }
  }

  close() {
    for (const url of this.#urls.values()) url.then((made) => made && URL.revokeObjectURL(made))
    this.#urls.clear()
  }
}
