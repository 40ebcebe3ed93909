/**
 * How the volunteer wants the client to look: kept in localStorage, which is known before the first thing is drawn, and marked on the page
 * for the style sheets.
 */

import { loadStyle } from './style.js'

/** @typedef {'auto' | 'light' | 'dark' | 'sunlight'} Theme `auto`: as the phone is set */
/** @typedef {{theme: Theme, size: number, voice: boolean}} Display `size`: of the text, in per cent of the phone's; `voice`: whether questions can be read aloud */

const KEY = 'display'
/** @type {Display} */
const PLAIN = { theme: 'auto', size: 100, voice: false }

/** @type {Theme[]} */
export const THEMES = ['auto', 'light', 'dark', 'sunlight']
export const SIZES = [100, 125, 150, 200]

/** @returns {Display} */
export function display() {
  try {
    return { ...PLAIN, ...JSON.parse(localStorage.getItem(KEY) ?? '{}') }
  } catch {
    return PLAIN
  }
}

/** Keeps a change, and shows it. @param {Partial<Display>} change @returns {Promise<void>} when it is seen */
export function setDisplay(change) {
  const wanted = { ...display(), ...change }
  try {
    localStorage.setItem(KEY, JSON.stringify(wanted))
  } catch {
    // A full phone: it holds for this page.
  }
  return apply(wanted)
}

/** Shows what was chosen, here and, from now on, what another tab chooses. Resolves when it is seen. */
export function followDisplay() {
  window.addEventListener('storage', ({ key }) => { if (key === KEY) apply(display()) })
  return apply(display())
}

/** @param {Display} wanted */
async function apply({ theme, size }) {
  const { dataset } = document.documentElement
  dataset.theme = theme
  dataset.size = String(size)
  if (theme !== 'auto') await loadStyle(new URL('../css/themes.css', import.meta.url).href)
}
