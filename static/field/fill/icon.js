import { drawing, icon as commonIcon } from '../dom.js'

/** Paths of the drawings that only the fill screen has, on a grid of 24. @type {Record<string, string>} */
const PATHS = {
  close: 'M6 6l12 12M18 6L6 18',
  globe: 'M12 3a9 9 0 100 18 9 9 0 000-18zM3 12h18M12 3c5 5 5 13 0 18M12 3c-5 5-5 13 0 18',
  plus: 'M12 5v14M5 12h14',
  trash: 'M4 7h16M10 4h4M6 7l1 13h10l1-13',
  camera: 'M4 8h4l2-3h4l2 3h4v11H4zM12 10a3.5 3.5 0 100 7 3.5 3.5 0 000-7z',
  image: 'M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9h.01',
  pin: 'M12 21s7-6.5 7-11.5a7 7 0 10-14 0C5 14.500 12 21 12 21zM12 7.500a2 2 0 100 4 2 2 0 000-4z',
  up: 'M6 14l6-6 6 6',
  down: 'M6 10l6 6 6-6',
  more: 'M5 11a1 1 0 100 2 1 1 0 000-2zM12 11a1 1 0 100 2 1 1 0 000-2zM19 11a1 1 0 100 2 1 1 0 000-2z',
}

/**
 * Gives a line drawing. It says nothing to a screen reader: the words beside it do.
 *
 * @param {string} name of one of these or of the client's icons
 * @returns {SVGElement}
 */
export function icon(name) {
  return name in PATHS ? drawing(PATHS[name], name) : commonIcon(name)
}
