/** Responses that a supervisor returned, each with the reason, and a tap from its answers. */

import { el, icon } from '../dom.js'
import { t } from '../i18n/i18n.js'
import { formTitle, placeAndName } from './cards.js'

/** @typedef {import('../application.js').App} App */
/** @typedef {import('../store/types.js').Draft} Draft */

/** @param {App} app @param {(draft: Draft) => boolean} [passes] which of them */
export function returnedRows(app, passes = () => true) {
  return app.state.drafts.filter((draft) => draft.returned && passes(draft)).map((draft) => returnedRow(app, draft))
}

/** @param {App} app @param {Draft} draft */
function returnedRow(app, draft) {
  const { place, name = '', reason } = draft
  return el('a', { class: 'row', href: `/app/fill/${draft.id}`, 'data-returned': draft.id },
    el('span', { class: 'row__state row__state--warning' }, icon('draft')),
    el('span', { class: 'row__main' },
      el('span', { class: 'row__title' }, formTitle(app, draft.form, draft.title)),
      el('span', { class: 'row__note' }, placeAndName(app, { place, name }).filter(Boolean).join(' · ')),
      el('span', { class: 'row__status returned__reason' }, reason || t('returned.no_reason'))),
    icon('next'))
}
