/** The client's own words, in Chinese and English. The words of a questionnaire come from its form model. */

import { fill } from './fill-zh.js'
import { app } from './zh.js'

/** @typedef {string | {one: string, other: string}} Message `one` is for `count` 1 */

/** Languages of the client, by code, in their own words. @type {Record<string, string>} */
export const LANGUAGES = { zh: '中文', en: 'English' }

const DEFAULT = 'zh'

/** Messages by language. Chinese is always here, since it is what a phone shows first; others come when they are asked for. @type {Record<string, Record<string, Message>>} */
const messages = { zh: { ...fill, ...app } }

/** @type {Record<string, () => Promise<Record<string, Message>[]>>} */
const LATER = {
  en: () => Promise.all([
    import('./fill-en.js').then(({ fill }) => fill),
    import('./fill-later-en.js').then(({ fillLater }) => fillLater),
    import('./en.js').then(({ app }) => app),
  ]),
}

/** What fetches the words of parts that only some forms need, by language. @type {((code: string) => Promise<Record<string, Message>>)[]} */
const parts = []

let current = DEFAULT

/** The code of the language now shown: zh or en. */
export function language() {
  return current
}

/**
 * Switches to a language by its code, and marks the page with it. The language stays as it is where its words cannot be had, which
 * happens only without a signal on a phone that does not keep the client yet.
 * @param {string} code
 * @returns {Promise<void>}
 */
export async function setLanguage(code) {
  const wanted = code in LANGUAGES ? code : DEFAULT
  try {
    messages[wanted] ??= Object.assign({}, ...(await LATER[wanted]()))
    await Promise.all(parts.map((part) => include(part, wanted)))
  } catch {
    return
  }
  current = wanted
  document.documentElement.lang = current === 'zh' ? 'zh-CN' : current
}

/**
 * Adds the words of a part of the client, in the language now shown and in each one that is switched to. Rejects where they cannot be had.
 * @param {(code: string) => Promise<Record<string, Message>>} part fetches them by the language's code
 */
export async function addWords(part) {
  await include(part, current)
  parts.push(part)
}

/** Adds Chinese words of what came just now. Those of other languages come with the language. @param {Record<string, Message>} words */
export function addChinese(words) {
  Object.assign(messages.zh, words)
}

/** @param {(code: string) => Promise<Record<string, Message>>} part @param {string} code */
async function include(part, code) {
  Object.assign(messages[code], await part(code))
}

/**
 * The first of the wanted languages that the client has.
 * @param {readonly string[]} wanted tags such as `en-GB`, the dearest first
 */
export function bestLanguage(wanted) {
  return wanted.map((tag) => tag.slice(0, 2).toLowerCase()).find((code) => code in LANGUAGES) ?? DEFAULT
}

/**
 * The message `key` with its `{name}` places filled in. An unknown key is shown as it is, so that a gap is seen and not blank.
 * @param {string} key
 * @param {Record<string, string | number>} [params] `count` chooses between singular and plural
 */
export function t(key, params = {}) {
  const message = messages[current][key] ?? key
  const text = typeof message === 'string' ? message : params.count === 1 ? message.one : message.other
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in params ? String(params[name]) : whole))
}

/** A moment in short, in the language now shown: `24 Nov, 09:43`, of today `09:43`. @param {number} ms */
export function shortTime(ms) {
  const tag = language() === 'zh' ? 'zh-CN' : 'en-GB'
  const isToday = new Date(ms).toDateString() === new Date().toDateString()
  return new Intl.DateTimeFormat(tag, { ...(!isToday && { month: 'short', day: 'numeric' }), hour: '2-digit', minute: '2-digit' }).format(ms)
}
