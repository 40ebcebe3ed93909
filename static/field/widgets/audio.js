/** @import { Widget, WidgetContext } from '../fill/types.js' */
import { t } from '../i18n/i18n.js'
import { fileWidget } from './file-question.js'
import { hasAppearance } from './input.js'
import { Recorder } from './recorder.js'
import { uploadQuestion } from './upload.js'

/** Bits per second by the form's `quality`; `external` asks for the phone's own recorder. */
const QUALITIES = new Map([['normal', 64000], ['low', 24000], ['voice-only', 12000]])

/**
 * A recording, made in place where the browser can, else by the phone's own recorder; or chosen, unless the appearance
 * is `new`. One that is still running when the page is left is kept.
 *
 * @param {WidgetContext} context
 * @returns {Widget}
 */
export function create(context) {
  const { quality = 'normal' } = context.node.def.parameters ?? {}
  const canRecord = quality !== 'external' && typeof MediaRecorder === 'function' && navigator.mediaDevices !== undefined
  if (!canRecord) return fileWidget(uploadQuestion(context, [{ label: t('widget.record'), icon: 'camera', accept: 'audio/*', capture: 'user' }]))
  const recorder = new Recorder({
    bitsPerSecond: QUALITIES.get(quality) ?? 64000,
    keep: (blob) => question.keep(blob),
    say: (text) => question.say(text),
  })
  context.register(recorder.button)
  const pickers = hasAppearance(context.node, 'new') ? [] : [{ label: t('widget.choose_audio'), icon: /** @type {const} */ ('image'), accept: 'audio/*' }]
  const question = uploadQuestion(context, pickers, { extras: [recorder.element], follow: (hasFile) => recorder.nameFor(hasFile) })
  return { ...fileWidget(question), destroy: () => {
    recorder.stop()
    question.destroy()
  } }
}
