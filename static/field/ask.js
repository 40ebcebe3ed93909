/** Asking a question in a dialog. */

import { el } from './dom.js'
import { loadLater } from './style.js'

/** @typedef {{title: string, text: string, yes: string, no?: string, isDanger?: boolean}} Words without `no` it only tells */

/**
 * Asks, and gives whether the answer was yes.
 * @param {Words} words
 * @returns {Promise<boolean>}
 */
export async function askInDialog({ title, text, yes, no, isDanger = false }) {
  await loadLater()
  return new Promise((resolve) => {
    const dialog = el('dialog', { class: 'dialog', 'aria-labelledby': 'dialog-title' })
    const answer = (/** @type {string} */ value) => () => dialog.close(value)
    dialog.append(
      el('h2', { id: 'dialog-title' }, title),
      text && el('p', { class: 'soft' }, text),
      el('div', { class: 'dialog__buttons' },
        no !== undefined && el('button', { class: 'button', type: 'button', onclick: answer('no') }, no),
        el('button', { class: `button ${isDanger ? 'button--danger' : 'button--primary'}`, type: 'button', onclick: answer('yes') }, yes)),
    )
    dialog.addEventListener('close', () => {
      dialog.remove()
      resolve(dialog.returnValue === 'yes')
    })
    document.body.append(dialog)
    dialog.showModal()
  })
}
