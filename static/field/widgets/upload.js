/** @import { Widget, WidgetContext } from '../fill/types.js' */
import { el } from '../dom.js'
import { t } from '../i18n/i18n.js'
import { FileQuestion, fileWidget } from './file-question.js'

export const isGroup = true

/**
 * A sound, a film or any other file, kept as it is. The phone's own recorder makes it.
 *
 * @param {WidgetContext} context
 * @returns {Widget}
 */
export function create(context) {
  const accept = context.node.def.mediatype ?? '*/*'
  const kind = accept.split('/')[0]
  const isRecorded = kind === 'audio' || kind === 'video'
  /** @type {Set<string>} */
  const urls = new Set()
  const question = new FileQuestion(context, {
    pickers: [{ label: t(isRecorded ? 'widget.record' : 'widget.choose_file'), icon: isRecorded ? 'camera' : 'image', accept, capture: isRecorded ? 'environment' : undefined }],
    prepare: async (file) => file,
    show: (blob, into) => {
      const size = el('p', {}, t('widget.file_kept', { size: inWords(blob.size) }))
      if (!isRecorded) return into.replaceChildren(size)
      const url = URL.createObjectURL(blob)
      urls.add(url)
      into.replaceChildren(el(/** @type {'audio'|'video'} */ (kind), { src: url, controls: true, class: 'file__player' }), size)
    },
  })
  return fileWidget(question, urls)
}

/**
 * @param {number} bytes
 * @returns {string}
 */
function inWords(bytes) {
  return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}
