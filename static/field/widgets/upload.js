/** @import { Widget, WidgetContext } from '../fill/types.js' */
/** @import { Picker } from './file-question.js' */
import { el } from '../dom.js'
import { t } from '../i18n/i18n.js'
import { FileQuestion, fileWidget } from './file-question.js'
import { hasAppearance } from './input.js'
import { cameraReason } from './reason.js'

/**
 * Gives the question of a film or any other file, kept as it is. A film is made by the phone's own camera; with the
 * appearance `new` only there, with `new-front` or `selfie` by the one that faces the volunteer.
 *
 * @param {WidgetContext} context
 * @param {Picker[]} pickers
 * @param {{extras?: HTMLElement[], before?: HTMLElement, follow?: (hasFile: boolean) => void}} [more]
 * @returns {FileQuestion}
 */
export function uploadQuestion(context, pickers, more) {
  return new FileQuestion(context, {
    pickers,
    ...more,
    show: (blob, url) => {
      const size = el('p', {}, t('widget.file_kept', { size: inWords(blob.size) }))
      const kind = blob.type.split('/')[0]
      return el('div', {}, (kind === 'audio' || kind === 'video') && el(kind, { src: url, controls: true, class: 'file__player' }), size)
    },
  })
}

/**
 * A film or any other file.
 *
 * @param {WidgetContext} context
 * @returns {Widget}
 */
export function create(context) {
  const { mediatype = '', parameters } = context.node.def
  if (mediatype.startsWith('video/')) {
    const { element, used } = cameraReason()
    return fileWidget(uploadQuestion(context, filmPickers(context, used), { before: element }))
  }
  // A workbook's `file` is written as application/*, which browsers take at its word though any file is meant.
  const accept = parameters?.accept ?? (mediatype === 'application/*' ? '*/*' : mediatype)
  return fileWidget(uploadQuestion(context, [{ label: t('widget.choose_file'), icon: 'image', accept }]))
}

/**
 * @param {WidgetContext} context
 * @param {() => void} taken called when the camera made a film
 * @returns {Picker[]}
 */
function filmPickers({ node }, taken) {
  const isFront = ['new-front', 'selfie'].some((word) => hasAppearance(node, word))
  /** @type {Picker} */
  const camera = { label: t('widget.record_video'), icon: 'camera', accept: 'video/*', capture: isFront ? 'user' : 'environment', taken }
  return isFront || hasAppearance(node, 'new') ? [camera] : [camera, { label: t('widget.choose_video'), icon: 'image', accept: 'video/*' }]
}

/**
 * @param {number} bytes
 * @returns {string}
 */
function inWords(bytes) {
  return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}
