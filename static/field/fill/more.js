/** @import { Form, Ways } from './types.js' */
/** @import { PageView } from './page-view.js' */
import { display, setDisplay, SIZES } from '../display.js'
import { drawing, el } from '../dom.js'
import { t } from '../i18n/i18n.js'
import { hasVoice, onVoices } from './aloud.js'
import { icon } from './icon.js'
import { fetchMore } from './more-words.js'

/** Where the page begins to be seen: below the bar. */
const READING_LINE_PX = 72

/** Paths of the drawings before the ways out, on a grid of 24. @type {Record<keyof Ways, string>} */
const PATHS = {
  callAgain: 'M12 7v5l3.500 2M21 12a9 9 0 1 1-18 0a9 9 0 0 1 18 0z',
  handOver: 'M4 3h9v18H4zM7.500 18h2M16 12h5M18.500 9.500L21 12l-2.500 2.500',
  help: 'M12 3a9 9 0 100 18 9 9 0 000-18zM9.500 9.500a2.500 2.500 0 113.500 2.300c-.700.400-1 .900-1 1.700M12 16.500v.010',
}

/**
 * Opens the sheet with what is wanted now and then while a questionnaire is filled in.
 *
 * @param {HTMLElement} host what the sheet is put in
 * @param {{form: Form, view: PageView|null, ways: Ways, followVoice: () => void}} screen
 */
export async function openMore(host, { form, view, ways, followVoice }) {
  await fetchMore()
  const dialog = el('dialog', { class: 'sheet sheet--low more', 'aria-labelledby': 'more-title', closedby: 'any' })
  dialog.append(
    el('div', { class: 'sheet__head' },
      el('h2', { id: 'more-title' }, t('more.title')),
      el('button', { type: 'button', class: 'button button--quiet button--icon', 'aria-label': t('fill.close'), onclick: () => dialog.close() }, icon('close'))),
    sizes(view),
    voiceSwitch(form, followVoice, (stop) => dialog.addEventListener('close', stop)),
    ...wayRows(ways, () => dialog.close()).filter((row) => row !== undefined))
  dialog.addEventListener('close', () => dialog.remove())
  host.append(dialog)
  dialog.showModal()
}

/** Four sizes of the text, each shown as large as it makes it. @param {PageView|null} view */
function sizes(view) {
  const { size } = display()
  return el('fieldset', { class: 'more__sizes' },
    el('legend', { class: 'more__title' }, t('more.size')),
    ...SIZES.map((each) => {
      const radio = el('input', { type: 'radio', name: 'text-size', class: 'visually-hidden', 'aria-label': t(`more.size_${each}`), onchange: () => keepPlace(view, () => setDisplay({ size: each })) })
      radio.checked = each === size
      return el('label', { class: `more__size more__size--${each}` }, radio, el('span', { 'aria-hidden': 'true' }, t('more.letter')))
    }))
}

/**
 * Does what changes the size of everything, and leaves the question that is being read where it was.
 *
 * @param {PageView|null} view
 * @param {() => void} change
 */
function keepPlace(view, change) {
  const seen = [...view?.element.children ?? []].filter((child) => child.getBoundingClientRect().bottom > READING_LINE_PX)
  // One that begins on the screen, if there is any, rather than the end of the one above it.
  const present = seen.find((child) => child.getBoundingClientRect().top > 0 && child.getBoundingClientRect().top < innerHeight) ?? seen[0]
  const before = present?.getBoundingClientRect().top ?? 0
  // Else the browser, which knows less of what is being read, would do the same once more a moment later.
  const { style } = document.documentElement
  style.overflowAnchor = 'none'
  change()
  // Whether choices stand in a line depends on the size.
  for (const { question } of view?.questions() ?? []) question.update()
  if (present) scrollBy({ top: present.getBoundingClientRect().top - before, behavior: 'instant' })
  requestAnimationFrame(() => requestAnimationFrame(() => { style.overflowAnchor = '' }))
}

/**
 * The switch for reading aloud. Where the phone has no voice for the questionnaire's language it says so, and what to do.
 *
 * @param {Form} form
 * @param {() => void} followVoice
 * @param {(stop: () => void) => void} atEnd
 */
function voiceSwitch(form, followVoice, atEnd) {
  const control = el('input', { type: 'checkbox', role: 'switch', class: 'more__switch', ...namedBy('voice'), onchange: () => {
    setDisplay({ voice: control.checked })
    followVoice()
  } })
  const words = el('span', { class: 'more__words' })
  const show = () => {
    const isPossible = hasVoice(form)
    control.disabled = !isPossible
    control.checked = isPossible && display().voice
    words.replaceChildren(...wordsOf('voice', t(isPossible ? 'more.voice_why' : 'more.voice_none', { language: plainName(form.language) })))
  }
  show()
  // Browsers look for the phone's voices only when they are asked, and find them a moment later.
  atEnd(onVoices(show))
  return el('label', { class: 'more__row' }, words, control)
}

/** A language's name without its code: `English` of `English (en)`. @param {string} language */
function plainName(language) {
  return language.replace(/\s*\([^)]*\)$/, '')
}

/**
 * @param {Ways} ways
 * @param {() => void} close
 */
function wayRows(ways, close) {
  const names = /** @type {(keyof Ways)[]} */ (['callAgain', 'handOver', 'help'])
  return names.map((name) => {
    const go = ways[name]
    return go && el('button', { type: 'button', class: 'more__row', 'data-way': name, ...namedBy(name), onclick: () => {
      close()
      go()
    } }, drawing(PATHS[name], name), el('span', { class: 'more__words' }, ...wordsOf(name, t(`more.${name}_why`))))
  })
}

/** What a row is called, and what it says besides. @param {string} name @param {string} note */
function wordsOf(name, note) {
  return [el('span', { class: 'more__title', id: `more-${name}` }, t(`more.${name}`)), el('span', { class: 'more__note', id: `more-${name}-why` }, note)]
}

/** Screen readers hear the one as the name and the other after it. @param {string} name */
function namedBy(name) {
  return { 'aria-labelledby': `more-${name}`, 'aria-describedby': `more-${name}-why` }
}
