import { el } from '../dom.js'

/** Entries are drawn in batches of so many. */
const BATCH = 40

/** About how high an entry is, so that the list is as long as it will be. */
const ENTRY_HEIGHT_REM = 4.5

/** How far above and below the screen batches are drawn, in screens. */
const NEAR = '100% 0px'

/**
 * Gives a list of any length, of which only what comes near the screen is drawn.
 *
 * @param {(() => HTMLElement)[]} entries each draws its own
 * @param {number} [at] index of an entry that is drawn at once, with those around it
 * @returns {HTMLElement}
 */
export function lazyList(entries, at = 0) {
  const element = el('div', { class: 'overview-list' })
  /** @type {Map<Element, () => void>} */
  const waiting = new Map()
  const observer = new IntersectionObserver((seen) => {
    for (const { target, isIntersecting } of seen) if (isIntersecting) waiting.get(target)?.()
  }, { rootMargin: NEAR })
  for (let start = 0; start < entries.length; start += BATCH) {
    const batch = entries.slice(start, start + BATCH)
    const list = el('ol', { class: 'overview' })
    const draw = () => {
      observer.unobserve(list)
      waiting.delete(list)
      list.style.minBlockSize = ''
      list.append(...batch.map((make) => make()))
    }
    element.append(list)
    if (at >= start && at < start + BATCH) draw()
    else {
      list.style.minBlockSize = `${batch.length * ENTRY_HEIGHT_REM}rem`
      waiting.set(list, draw)
      observer.observe(list)
    }
  }
  return element
}
