/** @import { Widget, WidgetContext } from '../fill/types.js' */
import { el } from '../dom.js'
import { t } from '../i18n/i18n.js'
import { FileQuestion, fileWidget } from './file-question.js'
import { hasAppearance } from './input.js'

export const isGroup = true

/** Longest side of a kept picture in pixels where the form's `max-pixels` says nothing. */
const MAX_PIXELS = 1600
const QUALITY = 0.82

/**
 * Gives the picture as a JPEG whose longest side is at most `maxPixels`, turned the right way up. It is drawn anew, so
 * nothing of the camera's data stays in it, the place where it was taken least of all.
 *
 * @param {Blob} file
 * @param {number} maxPixels
 * @returns {Promise<Blob>}
 */
export async function shrinkImage(file, maxPixels) {
  const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' })
  const scale = Math.min(1, maxPixels / Math.max(bitmap.width, bitmap.height))
  const canvas = el('canvas', { width: Math.max(1, Math.round(bitmap.width * scale)), height: Math.max(1, Math.round(bitmap.height * scale)) })
  const drawing = canvas.getContext('2d')
  if (!drawing) throw new Error('no canvas')
  // JPEG has no transparency: what is clear would come out black.
  drawing.fillStyle = '#fff'
  drawing.fillRect(0, 0, canvas.width, canvas.height)
  drawing.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  bitmap.close()
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no image'))), 'image/jpeg', QUALITY)
  })
}

/**
 * A photo, from the camera or from the phone's pictures; with the appearance `new` from the camera only.
 *
 * @param {WidgetContext} context
 * @returns {Widget}
 */
export function create(context) {
  const { node } = context
  const maxPixels = Number(node.def.parameters?.['max-pixels']) || MAX_PIXELS
  /** @type {Set<string>} */
  const urls = new Set()
  const pickers = [{ label: t('widget.take_photo'), icon: /** @type {const} */ ('camera'), accept: 'image/*', capture: 'environment' }]
  const gallery = { label: t('widget.choose_photo'), icon: /** @type {const} */ ('image'), accept: 'image/*' }
  const question = new FileQuestion(context, {
    pickers: hasAppearance(node, 'new') ? pickers : [...pickers, gallery],
    prepare: (file) => shrinkImage(file, maxPixels),
    show: (blob, into) => {
      const url = URL.createObjectURL(blob)
      urls.add(url)
      into.replaceChildren(el('img', { src: url, alt: t('widget.photo_alt'), class: 'file__image' }))
    },
  })
  return fileWidget(question, urls)
}
