import { el } from '../dom.js'
import { t } from '../fill/later-t.js'
import { blobOf, penOf } from './image.js'

const BLACK = '#111111'
/** Colours of the pen by the name of their words. */
const COLOURS = new Map([['black', BLACK], ['red', '#d0201c'], ['blue', '#1450c8'], ['yellow', '#ffd400']])
/** Width of the pen, and a step of the arrow keys, as a share of the picture's longer side. */
const PEN_SHARE = 0.006
const STEP_SHARE = 0.02
const ARROWS = new Map([['ArrowLeft', [-1, 0]], ['ArrowRight', [1, 0]], ['ArrowUp', [0, -1]], ['ArrowDown', [0, 1]]])

/**
 * @typedef {{colour: string, points: [number, number][]}} Stroke points in pixels of the picture
 * @typedef {{strokes: Stroke[], width: number, height: number}} Sheet what is drawn on a picture of that many pixels
 */

/**
 * Opens a pad over the whole screen, to be drawn on with a finger, a mouse or the arrow keys, and gives the picture;
 * null where the volunteer left it. The strokes are points of the picture, not of the screen: turning the phone moves nothing.
 *
 * @param {object} options
 * @param {string} options.title
 * @param {number} options.longest pixels of the picture's longer side
 * @param {ImageBitmap|null} options.ground the picture that is drawn on, null for white
 * @param {boolean} options.hasColours
 * @param {boolean} options.isCropped gives only the part that was drawn, with a margin
 * @param {string} options.type MIME type of the picture
 * @param {Sheet} options.sheet what was drawn before the pad was left without keeping; changed here
 * @returns {Promise<Blob|null>}
 */
export async function openPad(options) {
  const pad = new Pad(options)
  return pad.open()
}

class Pad {
  #options
  #sheet
  #pen = BLACK
  #isDown = false
  /** @type {[number, number]} where the pen of the arrow keys stands */
  #at = [0, 0]
  #canvas = el('canvas', { class: 'pad__canvas', tabindex: 0, role: 'application' })
  #area = el('div', { class: 'pad__area' }, this.#canvas)
  #undo = el('button', { type: 'button', class: 'button', onclick: () => this.#take(1) }, t('widget.pad_undo'))
  #clear = el('button', { type: 'button', class: 'button', onclick: () => this.#take(Infinity) }, t('widget.pad_clear'))
  #keep = el('button', { type: 'button', class: 'button button--primary', onclick: () => this.#dialog.close('keep') }, t('widget.pad_keep'))
  #dialog

  /** @param {Parameters<typeof openPad>[0]} options */
  constructor(options) {
    this.#options = options
    this.#sheet = options.sheet
    this.#canvas.setAttribute('aria-label', `${options.title}. ${t('widget.pad_hint')}`)
    this.#dialog = el('dialog', { class: 'sheet pad', 'aria-label': options.title },
      el('div', { class: 'pad__head' }, el('strong', { class: 'pad__title' }, options.title), el('button', { type: 'button', class: 'button button--quiet', onclick: () => this.#dialog.close() }, t('fill.cancel'))),
      this.#area,
      options.hasColours && this.#colours(),
      el('div', { class: 'pad__buttons' }, this.#undo, this.#clear, this.#keep))
    this.#canvas.addEventListener('pointerdown', (event) => this.#press(event))
    this.#canvas.addEventListener('pointermove', (event) => this.#move(event))
    for (const name of ['pointerup', 'pointercancel']) this.#canvas.addEventListener(name, () => { this.#isDown = false })
    this.#canvas.addEventListener('keydown', (event) => this.#key(event))
  }

  /** @returns {Promise<Blob|null>} */
  open() {
    const host = document.querySelector('.fill') ?? document.body
    host.append(this.#dialog)
    this.#dialog.showModal()
    const watch = new ResizeObserver(() => this.#fit())
    watch.observe(this.#area)
    this.#fit()
    this.#canvas.focus()
    return new Promise((resolve, reject) => {
      this.#dialog.addEventListener('close', () => {
        watch.disconnect()
        this.#dialog.remove()
        if (this.#dialog.returnValue === 'keep') this.#picture().then(resolve, reject)
        else resolve(null)
      })
    })
  }

  /** Gives the picture the shape of the screen while nothing is drawn; from then on it keeps its own. */
  #fit() {
    const { ground, longest } = this.#options
    const sheet = this.#sheet
    if (sheet.strokes.length === 0) {
      const { width, height } = ground ?? { width: this.#area.clientWidth, height: this.#area.clientHeight }
      const scale = longest / Math.max(width, height, 1)
      sheet.width = Math.round(width * (ground ? Math.min(1, scale) : scale)) || 1
      sheet.height = Math.round(height * (ground ? Math.min(1, scale) : scale)) || 1
      this.#at = [sheet.width / 2, sheet.height / 2]
    }
    this.#canvas.width = sheet.width
    this.#canvas.height = sheet.height
    this.#paint()
  }

  #colours() {
    return el('fieldset', { class: 'pad__colours' }, el('legend', { class: 'visually-hidden' }, t('widget.pad_colour')), ...[...COLOURS].map(([name, colour]) => {
      const radio = el('input', { type: 'radio', name: 'pad-colour', class: 'pad__colour', 'aria-label': t(`widget.${name}`), checked: colour === this.#pen, onchange: () => { this.#pen = colour } })
      radio.style.background = colour
      return radio
    }))
  }

  /** @param {PointerEvent} event */
  #press(event) {
    if (this.#isDown) return
    event.preventDefault()
    this.#canvas.setPointerCapture(event.pointerId)
    this.#begin(this.#place(event))
  }

  /** @param {PointerEvent} event */
  #move(event) {
    if (!this.#isDown || !event.isPrimary) return
    const between = event.getCoalescedEvents?.() ?? []
    for (const one of between.length ? between : [event]) this.#draw(this.#place(one))
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const way = ARROWS.get(event.key)
    if (event.key !== ' ' && !way) return
    event.preventDefault()
    if (way) {
      const step = STEP_SHARE * Math.max(this.#canvas.width, this.#canvas.height)
      const [x, y] = this.#at
      this.#at = [within(x + way[0] * step, this.#canvas.width), within(y + way[1] * step, this.#canvas.height)]
      if (this.#isDown) this.#draw(this.#at)
    } else if (this.#isDown) this.#isDown = false
    else this.#begin(this.#at)
    this.#paint()
    this.#cross()
  }

  /** @param {[number, number]} point */
  #begin(point) {
    this.#isDown = true
    this.#sheet.strokes.push({ colour: this.#pen, points: [point] })
    this.#draw(point)
  }

  /** @param {[number, number]} point */
  #draw(point) {
    const stroke = this.#sheet.strokes[this.#sheet.strokes.length - 1]
    stroke.points.push(point)
    this.#ink({ ...stroke, points: stroke.points.slice(-2) })
    this.#offer()
  }

  /** @param {number} count strokes to take back, from the last */
  #take(count) {
    this.#sheet.strokes.splice(Math.max(0, this.#sheet.strokes.length - count))
    this.#isDown = false
    this.#fit()
    this.#canvas.focus()
  }

  #offer() {
    for (const button of [this.#undo, this.#clear, this.#keep]) button.disabled = this.#sheet.strokes.length === 0
  }

  #paint() {
    const { width, height } = this.#canvas
    const pen = penOf(this.#canvas)
    pen.fillStyle = '#fff'
    pen.fillRect(0, 0, width, height)
    if (this.#options.ground) pen.drawImage(this.#options.ground, 0, 0, width, height)
    for (const stroke of this.#sheet.strokes) this.#ink(stroke)
    this.#offer()
  }

  /** @param {Stroke} stroke */
  #ink({ colour, points }) {
    const pen = penOf(this.#canvas)
    pen.strokeStyle = colour
    pen.lineWidth = PEN_SHARE * Math.max(this.#canvas.width, this.#canvas.height)
    pen.lineCap = pen.lineJoin = 'round'
    pen.beginPath()
    pen.moveTo(...points[0])
    for (const point of points) pen.lineTo(...point)
    pen.stroke()
  }

  /** Shows where the pen of the arrow keys stands. */
  #cross() {
    const pen = penOf(this.#canvas)
    const size = STEP_SHARE * Math.max(this.#canvas.width, this.#canvas.height)
    const [x, y] = this.#at
    pen.strokeStyle = '#1450c8'
    pen.beginPath()
    pen.arc(x, y, size / 2, 0, 2 * Math.PI)
    pen.stroke()
  }

  /**
   * @param {PointerEvent} event
   * @returns {[number, number]}
   */
  #place({ clientX, clientY }) {
    const { left, top, width, height } = this.#canvas.getBoundingClientRect()
    return [((clientX - left) * this.#canvas.width) / width, ((clientY - top) * this.#canvas.height) / height]
  }

  /** @returns {Promise<Blob>} */
  #picture() {
    this.#paint()
    const { isCropped, type } = this.#options
    if (!isCropped) return blobOf(this.#canvas, type)
    const points = this.#sheet.strokes.flatMap((stroke) => stroke.points)
    const margin = STEP_SHARE * Math.max(this.#canvas.width, this.#canvas.height)
    const [left, right] = span(points.map(([x]) => x), margin, this.#canvas.width)
    const [top, bottom] = span(points.map(([, y]) => y), margin, this.#canvas.height)
    const part = el('canvas', { width: right - left, height: bottom - top })
    penOf(part).drawImage(this.#canvas, -left, -top)
    return blobOf(part, type)
  }
}

/**
 * @param {number[]} values
 * @param {number} margin
 * @param {number} size
 * @returns {[number, number]} the whole pixels that hold all values
 */
function span(values, margin, size) {
  const [low, high] = values.reduce(([least, most], value) => [Math.min(least, value), Math.max(most, value)], [Infinity, -Infinity])
  return [Math.floor(within(low - margin, size)), Math.ceil(within(high + margin, size))]
}

/**
 * @param {number} value
 * @param {number} size
 */
function within(value, size) {
  return Math.min(size, Math.max(0, value))
}
