/** @import { Language } from './types.js' */
import { el } from '../dom.js'
import { t } from '../i18n/i18n.js'
import { icon } from './icon.js'

/** The bar above the page: way out, progress, state of the draft, language, list of questions, and what is wanted less often. */
export class TopBar {
  #place = el('span', { class: 'topbar__place' })
  #saved = el('span', { class: 'topbar__saved' })
  #progress = el('progress', { class: 'topbar__progress', 'aria-label': t('fill.progress') })
  /** @type {HTMLElement} */
  element

  /**
   * @param {object} options
   * @param {string} options.title of the form; seen nowhere here, it tells a screen reader where it is
   * @param {Language[]} options.languages
   * @param {string} options.language
   * @param {(name: string) => void} options.setLanguage
   * @param {() => void} options.leave
   * @param {() => void} options.showAll
   * @param {() => void} options.showMore
   */
  constructor({ title, languages, language, setLanguage, leave, showAll, showMore }) {
    this.element = el('header', { class: 'topbar' },
      el('h1', { class: 'visually-hidden' }, title),
      el('div', { class: 'topbar__row' },
        iconButton('close', t('fill.leave'), leave, 'is-volunteers'),
        el('p', { class: 'topbar__state' }, this.#place, this.#saved),
        languages.length > 1 && languageSwitch(languages, language, setLanguage),
        iconButton('list', t('fill.list'), showAll, 'is-volunteers'),
        iconButton('more', t('fill.menu'), showMore, 'topbar__more')),
      this.#progress)
  }

  /**
   * @param {string} place
   * @param {number} done
   * @param {number} total
   */
  showPlace(place, done, total) {
    this.#place.textContent = place
    this.#progress.max = Math.max(1, total)
    this.#progress.value = done
  }

  /** @param {'saving'|'saved'|'full'|'failed'} state */
  showSaved(state) {
    this.#saved.textContent = t(`fill.save.${state}`)
    this.#saved.classList.toggle('topbar__saved--wrong', state === 'full' || state === 'failed')
  }
}

/** The bar below the page, under the thumb: Back, and Next or Finish. */
export class BottomBar {
  #back = el('button', { type: 'button', class: 'button button--large bottombar__back' })
  #next = el('button', { type: 'button', class: 'button button--primary button--large bottombar__next' })
  /** @type {HTMLElement} */
  element

  /**
   * @param {{back: () => void, next: () => void}} host
   */
  constructor({ back, next }) {
    this.#back.addEventListener('click', back)
    this.#next.addEventListener('click', next)
    this.element = el('nav', { class: 'bottombar', 'aria-label': t('fill.pages') },
      this.#back, this.#next)
  }

  /**
   * @param {'next'|'check'|'finish'} kind what the one button does
   * @param {boolean} isFirst whether the other leads out of the response
   */
  show(kind, isFirst) {
    this.#back.classList.toggle('is-volunteers', isFirst)
    this.#back.replaceChildren(icon('back'), t(isFirst ? 'fill.out' : 'fill.back'))
    this.#next.replaceChildren(...(kind === 'finish' ? [icon('check'), t('fill.finish')] : [t(`fill.${kind}`), icon('next')]))
  }

  /** @param {boolean} isBusy */
  setBusy(isBusy) {
    this.#next.disabled = isBusy
    if (isBusy) this.#next.textContent = t('fill.finishing')
  }
}

/**
 * @param {'close'|'list'|'more'} drawing
 * @param {string} label
 * @param {() => void} act
 * @param {string} name of its class; `is-volunteers`: not for the respondent, see handover.js
 */
function iconButton(drawing, label, act, name) {
  return el('button', { type: 'button', class: `button button--quiet button--icon ${name}`, 'aria-label': label, onclick: act }, icon(drawing))
}

/**
 * The phone's own picker lies invisible over a globe: it takes no room and lists any number of languages.
 *
 * @param {Language[]} languages
 * @param {string} language
 * @param {(name: string) => void} setLanguage
 */
function languageSwitch(languages, language, setLanguage) {
  const control = el('select', { class: 'language__control', 'aria-label': t('fill.language') }, ...languages.map(({ name, code }) => el('option', { value: name, lang: code || null }, name.replace(/\s*\([^)]*\)$/, ''))))
  control.value = language
  control.addEventListener('change', () => setLanguage(control.value))
  return el('span', { class: 'language' }, icon('globe'), control)
}
