/** @import { Widget, WidgetContext } from '../fill/types.js' */
import { drawing, el } from '../dom.js'
import { t } from '../i18n/i18n.js'
import { FileQuestion, fileWidget } from './file-question.js'
import { longestSide, photoQuestion } from './image.js'
import { hasAppearance } from './input.js'
import { openPad } from './pad.js'

const PEN = 'M4 20l1-4L16 5l3 3L8 19zM14 7l3 3'

/**
 * A picture that is drawn on a pad: with the appearance `signature` a signature, begun anew each time; with `draw` a
 * drawing that can be gone on with; with `annotate` marks on a photo.
 *
 * @param {WidgetContext} context
 * @returns {Widget}
 */
export function create(context) {
  const { node } = context
  const isPhoto = hasAppearance(node, 'annotate')
  const isSignature = hasAppearance(node, 'signature')
  const words = el('span')
  /** @type {import('./pad.js').Sheet} */
  const sheet = { strokes: [], width: 0, height: 0 }
  const openAndKeep = async () => {
    const present = isSignature ? null : question.element.querySelector('img')
    const ground = present && await createImageBitmap(present)
    const type = isPhoto ? 'image/jpeg' : 'image/png'
    const picture = await openPad({ title: question.element.closest('fieldset')?.querySelector('legend')?.textContent || node.name, longest: longestSide(context), ground, hasColours: !isSignature, isCropped: isSignature, type, sheet })
    ground?.close()
    button.focus()
    if (!picture) return
    sheet.strokes = []
    await question.keep(picture)
  }
  const button = el('button', { type: 'button', class: 'button button--block', onclick: openAndKeep }, drawing(PEN, 'pen'), words)
  context.register(button)
  const follow = (/** @type {boolean} */ hasFile) => {
    words.textContent = t(isPhoto ? 'widget.draw_on' : !isSignature ? 'widget.draw' : hasFile ? 'widget.sign_again' : 'widget.sign')
    button.hidden = isPhoto && !hasFile
  }
  const question = isPhoto ? photoQuestion(context, { extras: [button], follow }) : new FileQuestion(context, {
    pickers: [],
    extras: [button],
    follow,
    show: (_blob, url) => el('img', { src: url, alt: t('widget.drawing_alt'), class: 'file__image file__image--drawn' }),
  })
  return fileWidget(question)
}
