/** @import { Form } from './fill/types.js' */
/** @import { FormFiles } from './form-files.js' */
import { createForm } from '../engine/form.js'
import { offsetAt } from './clock.js'
import { openFill } from './fill/fill.js'
import { fetchMarks } from './fill/marks.js'
import { isWhole } from './fill/wish.js'
import { language } from './i18n/i18n.js'
import { fetchRareFunctions } from './rare-functions.js'

/**
 * @typedef {object} TryOut a questionnaire that can be opened over and over and of which nothing is kept
 * @property {any} model
 * @property {FormFiles | null} beside its lists and media
 * @property {typeof import('./fill/scroll.js') | null} scroll what shows it whole, where it asks for that
 * @property {(form: Form) => Form} read reads the marks in its texts
 */

/**
 * Makes ready a questionnaire for trying it out: the office's preview, and the volunteers' practice.
 *
 * @param {string} text of the form model
 * @param {(model: any) => Promise<FormFiles>} [openFiles] opens what lies beside the model
 * @returns {Promise<TryOut>}
 */
export async function prepareTryOut(text, openFiles) {
  await fetchRareFunctions(text)
  const model = JSON.parse(text)
  const beside = openFiles ? await openFiles(model) : null
  const scroll = isWhole(model.form.style, 'form') ? await import('./fill/scroll.js') : null
  return { model, beside, scroll, read: await fetchMarks(text) }
}

/**
 * Opens it with an empty response: files lie in memory, saving does nothing.
 *
 * @param {HTMLElement} root
 * @param {TryOut} tryOut
 * @param {object} ends
 * @param {(form: Form) => void} ends.finish called when all is answered; the screen is gone by then
 * @param {() => void} ends.leave called when it is left before that
 */
export function openTryOut(root, { model, beside, scroll, read }, { finish, leave }) {
  // The engine's nodes carry more than the fill screen's types ask for.
  const form = read(/** @type {any} */ (createForm(model, host(beside), { language: startLanguage(model) })))
  const fill = openFill(root, {
    form,
    files: memoryFiles(),
    media: beside?.media,
    scroll,
    save: async () => {},
    finish: async () => {
      fill.destroy()
      finish(form)
    },
    leave,
  })
  return fill
}

/**
 * Gives the form's language that is the page's own, where it has that one, else its default.
 *
 * @param {any} model
 * @returns {string}
 */
function startLanguage(model) {
  const { languages, default_language: fallback } = model.form
  return languages.find((/** @type {{code: string}} */ { code }) => code.slice(0, 2) === language())?.name ?? fallback
}

/** Gives what the engine knows of the world. @param {FormFiles | null} beside */
function host(beside) {
  return {
    now: () => Date.now(),
    offset: offsetAt,
    random: () => Math.random(),
    uuid: () => crypto.randomUUID(),
    properties: { deviceid: 'preview', username: 'preview', phonenumber: '', email: '' },
    list: beside?.list,
    locate: (/** @type {(geopoint: string) => void} */ answer) => import('./locate.js').then(({ locate }) => locate(answer)),
  }
}

/** @returns {import('./fill/types.js').Files} */
function memoryFiles() {
  /** @type {Map<string, Blob>} */
  const kept = new Map()
  let count = 0
  return {
    put: async (blob) => {
      const name = `preview-${++count}`
      kept.set(name, blob)
      return name
    },
    get: async (name) => kept.get(name) ?? null,
    remove: async (name) => { kept.delete(name) },
  }
}
