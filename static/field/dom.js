/** Making elements. Text goes in as text, never as HTML. */

/** @typedef {Node | string | null | undefined | false} Child */

/**
 * A new element. `on…` properties are listeners, `class` the class, others attributes; true is an empty attribute, false and null none.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {Record<string, any>} [properties]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function el(name, properties = {}, ...children) {
  const element = document.createElement(name)
  for (const [key, value] of Object.entries(properties)) {
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value)
    else if (value === true) element.setAttribute(key, '')
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, String(value))
  }
  element.append(...children.filter(isShown))
  return element
}

/** @param {Child} child @returns {child is Node | string} */
function isShown(child) {
  return child !== null && child !== undefined && child !== false
}

/**
 * Makes `children` the children of `parent`, leaving alone those that look the same: an element that is replaced between press and release
 * swallows the tap, and lists are drawn anew while responses are being sent.
 * @param {Element} parent
 * @param {Element[]} children
 */
export function showChildren(parent, children) {
  children.forEach((child, index) => {
    const present = parent.children[index]
    if (!present) parent.append(child)
    else if (present !== child && !present.isEqualNode(child)) present.replaceWith(child)
  })
  while (parent.children.length > children.length) parent.lastElementChild?.remove()
}

/** Paths of the icons, on a grid of 24. @type {Record<string, string>} */
const ICONS = {
  check: 'M5 12.500l4.500 4.500L19 7.500',
  clock: 'M12 7v5l3.500 2M21 12a9 9 0 1 1-18 0a9 9 0 0 1 18 0z',
  up: 'M12 19V6M6.500 11L12 5.500 17.500 11',
  alert: 'M12 8v5M12 16.500v.010M12 3L2.500 20h19z',
  draft: 'M4 20l1-4L16 5l3 3L8 19zM14 7l3 3',
  door: 'M6 20V4h12v16M3 20h18M14.500 12v.010',
  home: 'M4 11l8-7 8 7v8a1 1 0 0 1-1 1h-4v-6h-6v6H5a1 1 0 0 1-1-1z',
  list: 'M8 6h12M8 12h12M8 18h12M4 6v.010M4 12v.010M4 18v.010',
  settings: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 5v4M9 15v4',
  next: 'M9.500 5.500L16 12l-6.500 6.500',
  back: 'M14.500 5.500L8 12l6.500 6.500',
  no_signal: 'M4 4l16 16M5 12.500a10 10 0 0 1 4-2.500M19 12.500a10 10 0 0 0-4.500-2.700M8.500 16a5 5 0 0 1 7 0M12 19.500v.010',
}

/** A picture that says what the words beside it say; screen readers skip it. @param {string} name */
export function icon(name) {
  return drawing(ICONS[name], name)
}

/**
 * A line drawing of 24 by 24 units in the colour of the text.
 * @param {string} path
 * @param {string} name
 */
export function drawing(path, name) {
  const space = 'http://www.w3.org/2000/svg'
  const svg = document.createElementNS(space, 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('class', `icon icon--${name}`)
  svg.setAttribute('aria-hidden', 'true')
  const line = document.createElementNS(space, 'path')
  line.setAttribute('d', path)
  svg.append(line)
  return svg
}

/**
 * Asks a question in a dialog, and gives whether the answer was yes. Closing it, with Back or Escape, is no.
 * @param {import('./ask.js').Words} words
 * @returns {Promise<boolean>}
 */
export async function ask(words) {
  return (await import('./ask.js')).askInDialog(words)
}
