/** @import { Widget, WidgetContext } from '../fill/types.js' */
import { drawing, el } from '../dom.js'
import { t } from '../fill/later-t.js'
import { hasAppearance, typedWidget } from './input.js'
import { reasonFor } from './reason.js'

const CODE = 'M4 6v12M8 6v12M11 6v12M15 6v12M18 6v12M20 6v12'
/** Between two looks at the camera's picture. */
const LOOK_MS = 150

/** @typedef {{detect: (source: HTMLVideoElement) => Promise<{rawValue: string}[]>}} Detector the browser's own, which few type definitions know yet */

/**
 * A code: scanned with the camera where the browser can read codes, and typed in any case. With the appearance `front`
 * by the camera that faces the volunteer.
 *
 * @param {WidgetContext} context
 * @returns {Widget}
 */
export function create(context) {
  const { node, changed } = context
  const control = el('input', { class: 'input', type: 'text', autocapitalize: 'off', spellcheck: 'false' })
  const widget = typedWidget(context, control)
  const message = el('p', { class: 'barcode__message soft', role: 'status' })
  const Detector = /** @type {any} */ (globalThis).BarcodeDetector
  const scan = async () => {
    message.textContent = ''
    try {
      const code = await openScanner(new Detector(), hasAppearance(node, 'front') ? 'user' : 'environment')
      if (code) changed(code)
      widget.update()
    } catch {
      message.textContent = t('widget.scan_denied')
    }
    control.focus()
  }
  const isAble = typeof Detector === 'function' && navigator.mediaDevices !== undefined
  if (!isAble) message.textContent = t('widget.scan_typed')
  const button = isAble && el('button', { type: 'button', class: 'button button--block', onclick: scan }, drawing(CODE, 'code'), t('widget.scan'))
  return { ...widget, element: el('div', { class: 'barcode' }, control, isAble && reasonFor('camera'), button, message) }
}

/**
 * Shows the camera over the whole screen until a code is seen, and gives the code; '' where the volunteer left it.
 * Rejects where there is no camera to be had.
 *
 * @param {Detector} detector
 * @param {string} facingMode
 * @returns {Promise<string>}
 */
async function openScanner(detector, facingMode) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode } })
  const [track] = stream.getVideoTracks()
  const video = el('video', { class: 'pad__video', playsinline: true, muted: true })
  const dialog = el('dialog', { class: 'sheet pad', 'aria-label': t('widget.scan') },
    video,
    el('p', { class: 'pad__hint' }, t('widget.scan_hint')),
    el('div', { class: 'pad__buttons' }, torchButton(track), el('button', { type: 'button', class: 'button', onclick: () => dialog.close() }, t('fill.cancel'))))
  ;(document.querySelector('.fill') ?? document.body).append(dialog)
  dialog.showModal()
  const look = async () => {
    if (!dialog.open) return
    const [found] = await detector.detect(video).catch(() => [])
    if (found && dialog.open) dialog.close(found.rawValue)
    else timer = setTimeout(look, LOOK_MS)
  }
  let timer = setTimeout(look, LOOK_MS)
  video.srcObject = stream
  video.play().catch(() => {})
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      clearTimeout(timer)
      for (const one of stream.getTracks()) one.stop()
      dialog.remove()
      resolve(dialog.returnValue)
    })
  })
}

/**
 * Gives a button for the camera's light, nothing where it has none.
 *
 * @param {MediaStreamTrack} track
 */
function torchButton(track) {
  const abilities = /** @type {{torch?: boolean}} */ (track.getCapabilities?.() ?? {})
  if (!abilities.torch) return null
  let isOn = false
  const button = el('button', { type: 'button', class: 'button', 'aria-pressed': 'false', onclick: async () => {
    isOn = !isOn
    button.setAttribute('aria-pressed', String(isOn))
    await track.applyConstraints({ advanced: [/** @type {any} */ ({ torch: isOn })] })
  } }, t('widget.scan_torch'))
  return button
}
