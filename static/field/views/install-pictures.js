/** Drawings of where to tap: pieces of a phone's screen, in the colours of the page. */

import { t } from '../i18n/i18n.js'

const SPACE = 'http://www.w3.org/2000/svg'

/** @typedef {[name: string, attributes: Record<string, string | number>, text?: string]} Shape */

/** @type {(x: number, y: number, width: number, height: number, radius: number, look: string) => Shape} */
const box = (x, y, width, height, rx, look) => ['rect', { x, y, width, height, rx, class: `shot__${look}` }]
/** @type {(cx: number, cy: number, r: number, look: string) => Shape} */
const dot = (cx, cy, r, look) => ['circle', { cx, cy, r, class: `shot__${look}` }]
/** @type {(d: string, look: string) => Shape} */
const line = (d, look) => ['path', { d, class: `shot__${look}` }]
/** @type {(x: number, y: number, key: string) => Shape} */
const word = (x, y, key) => ['text', { x, y, class: 'shot__word' }, t(key)]

/** The upper and the lower end of a phone, open where it goes on. */
const TOP = line('M8 152V32a24 24 0 0 1 24-24h256a24 24 0 0 1 24 24v120', 'phone')
const BOTTOM = line('M8 8v112a24 24 0 0 0 24 24h256a24 24 0 0 0 24-24V8', 'phone')

/** Three dots in a ring that says: here. @type {(x: number, y: number, isUpright: boolean) => Shape[]} */
const dots = (x, y, isUpright) => [dot(x, y, 24, 'ring'), ...[-10, 0, 10].map((by) => dot(isUpright ? x : x + by, isUpright ? y + by : y, 3.5, 'mark'))]

/** A row of a menu that is the one to tap. @type {(y: number, key: string) => Shape[]} */
const row = (y, key) => [box(56, y, 208, 40, 8, 'chosen'), word(68, y + 26, key)]

/** @type {Record<string, () => Shape[]>} */
const SHOTS = {
  android_1: () => [TOP, box(28, 32, 204, 40, 20, 'bar'), box(48, 49, 110, 6, 3, 'text'), ...dots(272, 52, true), box(28, 96, 264, 8, 4, 'text'), box(28, 120, 200, 8, 4, 'text')],
  android_2: () => [TOP, box(44, 20, 232, 132, 10, 'menu'), box(68, 42, 90, 6, 3, 'text'), ...row(62, 'install.android_menu'), box(68, 126, 120, 6, 3, 'text')],
  ios_1: () => [BOTTOM, box(28, 24, 264, 8, 4, 'text'), line('M8 76h304', 'rule'), line('M50 98l-10 10 10 10M104 98l10 10-10 10', 'text-line'),
    dot(160, 108, 24, 'ring'), line('M153 104h-5v18h24v-18h-5M160 114V93M153 100l7-7 7 7', 'mark-line'), line('M206 98h8a6 6 0 0 1 6 6v14h-14zM262 98h20v20h-20z', 'text-line')],
  ios_2: () => [BOTTOM, box(44, 8, 232, 124, 10, 'menu'), box(68, 26, 90, 6, 3, 'text'), ...row(46, 'install.ios_menu'), line('M236 57h18v18h-18zM245 61v10M240 66h10', 'mark-line'), box(68, 108, 120, 6, 3, 'text')],
  wechat_1: () => [TOP, line('M36 42l-10 10 10 10', 'text-line'), box(116, 48, 88, 8, 4, 'text'), ...dots(272, 52, false), box(28, 96, 264, 8, 4, 'text'), box(28, 120, 200, 8, 4, 'text')],
  wechat_2: () => [BOTTOM, box(20, 20, 280, 112, 10, 'menu'), dot(70, 58, 18, 'bar'), dot(250, 58, 18, 'bar'), dot(160, 58, 24, 'ring'),
    line('M146 58a14 14 0 1 0 28 0a14 14 0 1 0-28 0M146 58h28M160 44c8 8 8 20 0 28M160 44c-8 8-8 20 0 28', 'mark-line'),
    ['text', { x: 160, y: 108, class: 'shot__word shot__word--middle' }, t('install.wechat_menu')]],
}

/** The drawing `name`, which says to a screen reader what it shows. @param {string} name */
export function shot(name) {
  const svg = make('svg', { viewBox: '0 0 320 152', class: 'shot', role: 'img', 'aria-label': t(`install.${name}_picture`) })
  svg.append(...SHOTS[name]().map(([kind, attributes, text = '']) => make(kind, attributes, text)))
  return svg
}

/** @param {string} kind @param {Record<string, string | number>} attributes @param {string} [text] */
function make(kind, attributes, text = '') {
  const element = document.createElementNS(SPACE, kind)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value))
  element.textContent = text
  return element
}
