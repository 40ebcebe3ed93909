/** @import { Widget, WidgetContext } from '../fill/types.js' */
import { el } from '../dom.js'
import { t } from '../i18n/i18n.js'
import { FileQuestion, fileWidget } from './file-question.js'
import { hasAppearance } from './input.js'
import { cameraReason } from './reason.js'

/** Longest side of a kept picture in pixels where the form's `max-pixels` says nothing. */
const MAX_PIXELS = 1600
/** A photo that cannot be scaled is refused above this size. */
const MAX_BYTES = 10 * 1024 * 1024
const QUALITY = 0.82

/**
 * Gives the longest side that a picture of this question may have, in pixels.
 *
 * @param {WidgetContext} context
 * @returns {number}
 */
export function longestSide({ node }) {
  return Number(node.def.parameters?.['max-pixels']) || MAX_PIXELS
}

/**
 * Gives the picture as a JPEG whose longest side is at most `maxPixels`, turned the right way up (A23). It is drawn anew,
 * so nothing of the camera's data stays in it, the place where it was taken least of all.
 *
 * @param {Blob} file
 * @param {number} maxPixels
 * @returns {Promise<Blob>}
 */
export async function shrinkImage(file, maxPixels) {
  const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' })
  const scale = Math.min(1, maxPixels / Math.max(bitmap.width, bitmap.height))
  const canvas = el('canvas', { width: Math.max(1, Math.round(bitmap.width * scale)), height: Math.max(1, Math.round(bitmap.height * scale)) })
  const pen = penOf(canvas)
  // JPEG has no transparency: what is clear would come out black.
  pen.fillStyle = '#fff'
  pen.fillRect(0, 0, canvas.width, canvas.height)
  pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  bitmap.close()
  return blobOf(canvas, 'image/jpeg')
}

/**
 * Gives what draws on a canvas.
 *
 * @param {HTMLCanvasElement} canvas
 * @returns {CanvasRenderingContext2D}
 */
export function penOf(canvas) {
  const pen = canvas.getContext('2d')
  if (!pen) throw new Error('no canvas')
  return pen
}

/**
 * Gives a canvas as a file.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {string} type
 * @returns {Promise<Blob>}
 */
export function blobOf(canvas, type) {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no image'))), type, QUALITY)
  })
}

/**
 * Gives the question of a photo, from the camera or from the phone's pictures; with the appearance `new` from the camera
 * only, with `new-front` or `selfie` from the one that faces the volunteer.
 *
 * @param {WidgetContext} context
 * @param {{extras?: HTMLElement[], follow?: (hasFile: boolean) => void}} [more]
 * @returns {FileQuestion}
 */
export function photoQuestion(context, more) {
  const reason = cameraReason()
  const isFront = ['new-front', 'selfie'].some((word) => hasAppearance(context.node, word))
  const camera = { label: t('widget.take_photo'), again: t('widget.take_again'), icon: /** @type {const} */ ('camera'), accept: 'image/*', capture: isFront ? 'user' : 'environment', taken: reason.used }
  const gallery = { label: t('widget.choose_photo'), icon: /** @type {const} */ ('image'), accept: 'image/*' }
  return new FileQuestion(context, {
    pickers: isFront || hasAppearance(context.node, 'new') ? [camera] : [camera, gallery],
    ...more,
    before: reason.element,
    limitBytes: MAX_BYTES,
    prepare: (file) => shrinkImage(file, longestSide(context)),
    show: (_blob, url) => el('img', { src: url, alt: t('widget.photo_alt'), class: 'file__image' }),
  })
}

/**
 * A photo.
 *
 * @param {WidgetContext} context
 * @returns {Widget}
 */
export function create(context) {
  return fileWidget(photoQuestion(context))
}
