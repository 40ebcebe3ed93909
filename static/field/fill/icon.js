/** Paths of the drawings, on a grid of 24. */
const PATHS = {
  back: 'M15 5l-7 7 7 7',
  next: 'M9 5l7 7-7 7',
  close: 'M6 6l12 12M18 6L6 18',
  list: 'M4 6h.01M9 6h11M4 12h.01M9 12h11M4 18h.01M9 18h11',
  check: 'M5 13l4 4L19 7',
  alert: 'M12 3a9 9 0 100 18 9 9 0 000-18zM12 7.500v5.500M12 16.500h.01',
  globe: 'M12 3a9 9 0 100 18 9 9 0 000-18zM3 12h18M12 3c5 5 5 13 0 18M12 3c-5 5-5 13 0 18',
  plus: 'M12 5v14M5 12h14',
  trash: 'M4 7h16M10 4h4M6 7l1 13h10l1-13',
  camera: 'M4 8h4l2-3h4l2 3h4v11H4zM12 10a3.5 3.5 0 100 7 3.5 3.5 0 000-7z',
  image: 'M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9h.01',
  pin: 'M12 21s7-6.5 7-11.5a7 7 0 10-14 0C5 14.500 12 21 12 21zM12 7.500a2 2 0 100 4 2 2 0 000-4z',
  up: 'M6 14l6-6 6 6',
  down: 'M6 10l6 6 6-6',
}

/**
 * Gives a line drawing of 24 by 24 units in the colour of the text. It says nothing to a screen reader: the words beside it do.
 *
 * @param {keyof typeof PATHS} name
 * @returns {SVGElement}
 */
export function icon(name) {
  const space = 'http://www.w3.org/2000/svg'
  const svg = document.createElementNS(space, 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('class', `icon icon--${name}`)
  svg.setAttribute('aria-hidden', 'true')
  const path = document.createElementNS(space, 'path')
  path.setAttribute('d', PATHS[name])
  svg.append(path)
  return svg
}
