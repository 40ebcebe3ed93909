/** @import { Form, FormNode } from './types.js' */
import { el } from '../dom.js'
import { t } from '../i18n/i18n.js'
import { wordsOnce } from '../views/later-words.js'
import { icon } from './icon.js'

const missingWords = wordsOnce(async (code) => (await (code === 'en' ? import('../i18n/missing-en.js') : import('../i18n/missing-zh.js'))).missing)

/**
 * Puts under a question's widget a button for each reason that the form allows for there being no answer. One that is
 * pressed takes the answer's place; pressed again it gives the place back, with the answer that was there.
 *
 * @param {object} question
 * @param {Form} question.form
 * @param {FormNode} question.node
 * @param {HTMLElement} question.label
 * @param {HTMLElement} question.element the buttons come last in it
 * @param {(value: string) => void} question.answer puts an answer in and shows it
 * @returns {Promise<() => void>} shows which reason is given now
 */
export async function addReasons({ form, node, label, element, answer }) {
  await missingWords()
  let before = ''
  /** @param {string} reason */
  const press = (reason) => {
    if (node.missing === reason) {
      form.setMissing(node, '')
      if (before) answer(before)
      before = ''
      return
    }
    // From one reason to another, the answer that was there before both is kept.
    if (!node.missing) before = node.value
    // Taken out as any answer is, so that it can be had again from the notice too.
    if (node.value) answer('')
    form.setMissing(node, reason)
  }
  const buttons = (node.def.missing ?? []).map((reason) => {
    const button = el('button', { type: 'button', class: 'reason', onclick: () => {
      // Not every browser moves the focus to a button that is tapped: a half-typed answer would be put in afterwards.
      button.focus()
      press(reason)
    } }, icon('check'), t(`missing.${reason}`))
    return { reason, button }
  })
  label.id = `${element.id}-text`
  const box = el('div', { class: 'reasons', role: 'group', 'aria-labelledby': label.id }, ...buttons.map(({ button }) => button))
  element.append(box)
  return () => {
    box.hidden = node.isReadonly
    for (const { reason, button } of buttons) button.setAttribute('aria-pressed', String(node.missing === reason))
  }
}

/**
 * Writes a reason in words, once these are there.
 *
 * @param {HTMLElement} element
 * @param {string} reason
 */
export async function showReason(element, reason) {
  await missingWords()
  element.textContent = t(`missing.${reason}`)
}
