/** @import { FinishResult, Form, FormNode } from './fill/types.js' */
/** @import { FormFiles } from './form-files.js' */
import { createForm } from '../engine/form.js'
import { offsetAt } from './clock.js'
import { el } from './dom.js'
import { openFill } from './fill/fill.js'
import { isShown, trail } from './fill/layout.js'
import { fetchMarks } from './fill/marks.js'
import { isWhole } from './fill/wish.js'
import { openFormFiles } from './form-files.js'
import { language, setLanguage, t } from './i18n/i18n.js'
import { fetchRareFunctions } from './rare-functions.js'

/** Shows a questionnaire in the office as a phone shows it. Nothing is kept: files lie in memory, saving does nothing. */
class Preview {
  #root
  #model
  #beside
  #scroll
  #read

  /**
   * @param {HTMLElement} root
   * @param {any} model form model
   * @param {object} parts what it needs besides
   * @param {FormFiles} parts.beside its lists and media
   * @param {typeof import('./fill/scroll.js')|null} parts.scroll what shows it whole, where it asks for that
   * @param {(form: Form) => Form} parts.read what reads the marks in its texts
   */
  constructor(root, model, { beside, scroll, read }) {
    this.#root = root
    this.#model = model
    this.#beside = beside
    this.#scroll = scroll
    this.#read = read
    // The office shows the phone in a frame of its own height, not the window's.
    root.style.setProperty('--fill-height', '100%')
  }

  /** Begins with an empty response. */
  open() {
    // The engine's nodes carry more than the fill screen's types ask for.
    const form = this.#read(/** @type {any} */ (createForm(this.#model, host(this.#beside), { language: startLanguage(this.#model) })))
    const fill = openFill(this.#root, {
      form,
      files: memoryFiles(),
      media: this.#beside.media,
      scroll: this.#scroll,
      save: async () => {},
      finish: async () => {
        fill.destroy()
        this.#showAnswers(form)
      },
      leave: () => {
        fill.destroy()
        this.open()
      },
    })
  }

  /** @param {Form} form */
  #showAnswers(form) {
    const answers = el('dl', { class: 'preview__answers' }, ...answered(form.root).flatMap((node) => [
      el('dt', { class: 'soft small' }, [...trail(form, node), form.text(node, 'label') || node.name].join(' › ')),
      el('dd', {}, form.display(node)),
    ]))
    this.#root.replaceChildren(el('section', { class: 'fill-page preview' },
      el('h2', {}, t('fill.preview_done')),
      answers,
      el('button', { type: 'button', class: 'button button--primary button--block', onclick: () => this.open() }, t('fill.preview_again'))))
  }
}

/**
 * @param {FormNode} node
 * @returns {FormNode[]}
 */
function answered(node) {
  if (node.kind === 'question') return isShown(node) && node.value ? [node] : []
  return node.isRelevant ? node.children.flatMap(answered) : []
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

/** Gives what the engine knows of the world. @param {FormFiles} beside */
function host({ list }) {
  return {
    now: () => Date.now(),
    offset: offsetAt,
    random: () => Math.random(),
    uuid: () => crypto.randomUUID(),
    properties: { deviceid: 'preview', username: 'preview', phonenumber: '', email: '' },
    list,
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

const root = document.querySelector('#preview')
if (root instanceof HTMLElement) {
  await setLanguage(document.documentElement.lang.slice(0, 2))
  try {
    const response = await fetch(root.dataset.modelUrl ?? '', { headers: { Accept: 'application/json' } })
    if (!response.ok) throw new Error(`status ${response.status}`)
    const text = await response.text()
    await fetchRareFunctions(text)
    const model = JSON.parse(text)
    const beside = await openFormFiles(model, (sha256) => fetch(root.dataset.filesUrl + sha256))
    const scroll = isWhole(model.form.style, 'form') ? await import('./fill/scroll.js') : null
    new Preview(root, model, { beside, scroll, read: await fetchMarks(text) }).open()
  } catch (error) {
    console.error(error)
    root.replaceChildren(el('p', { class: 'notice notice--danger', role: 'alert' }, t('fill.preview_failed')))
  }
}
