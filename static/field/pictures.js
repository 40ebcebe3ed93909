/** Pictures that only pages after the first question show, drawn like the icons of dom.js. */

import { drawing, icon } from './dom.js'

/** Paths on a grid of 24. @type {Record<string, string>} */
const PATHS = {
  help: 'M9 9.500a3 3 0 1 1 4.500 2.600c-1 .600-1.500 1.200-1.500 2.400M12 17.500v.010M21 12a9 9 0 1 1-18 0a9 9 0 0 1 18 0z',
  phone: 'M8 3h8a1.500 1.500 0 0 1 1.500 1.500v15A1.500 1.500 0 0 1 16 21H8a1.500 1.500 0 0 1-1.500-1.500v-15A1.500 1.500 0 0 1 8 3zM11 18h2',
  install: 'M8 3h8a1.500 1.500 0 0 1 1.500 1.500v15A1.500 1.500 0 0 1 16 21H8a1.500 1.500 0 0 1-1.500-1.500v-15A1.500 1.500 0 0 1 8 3zM12 7v7M9 11l3 3 3-3M10 17.500h4',
  lost: 'M8 3h8a1.500 1.500 0 0 1 1.500 1.500v15A1.500 1.500 0 0 1 16 21H8a1.500 1.500 0 0 1-1.500-1.500v-15A1.500 1.500 0 0 1 8 3zM10.500 9a1.700 1.700 0 1 1 2.300 1.500c-.500.300-.800.700-.800 1.500M12 15v.010',
  full: 'M4 7c0-4 16-4 16 0v10c0 4-16 4-16 0zM4 7c0 4 16 4 16 0M4 12c0 4 16 4 16 0',
  lock: 'M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3M12 15v2',
  practice: 'M5 20l.800-3.500L15.500 6.800l2.700 2.700L8.500 19.200zM13.500 8.800l2.700 2.700M17 3v3M15.500 4.500h3M20.500 12v2M19.500 13h2',
}

/** One of these, or of the client's icons. Screen readers skip it: the words beside it say the same. @param {string} name */
export function picture(name) {
  return name in PATHS ? drawing(PATHS[name], name) : icon(name)
}
