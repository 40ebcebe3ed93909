import { el } from '../dom.js'
import { t } from './later-t.js'

/**
 * Asks why answers were changed. Gives the reason, `''` where the volunteer thought better of it.
 *
 * @returns {Promise<string>}
 */
export function askReason() {
  return new Promise((resolve) => {
    const field = el('textarea', { class: 'input', rows: 3, 'aria-labelledby': 'reason-title' })
    const dialog = el('dialog', { class: 'dialog', 'aria-labelledby': 'reason-title' },
      el('h2', { id: 'reason-title' }, t('fill.reason')),
      el('p', { class: 'soft' }, t('fill.reason_why')),
      field,
      el('div', { class: 'dialog__buttons' },
        el('button', { class: 'button', type: 'button', onclick: () => dialog.close() }, t('fill.cancel')),
        el('button', { class: 'button button--primary', type: 'button', onclick: () => (field.value.trim() ? dialog.close('yes') : field.focus()) }, t('fill.finish'))))
    dialog.addEventListener('close', () => {
      dialog.remove()
      resolve(dialog.returnValue === 'yes' ? field.value.trim() : '')
    })
    document.body.append(dialog)
    dialog.showModal()
  })
}
