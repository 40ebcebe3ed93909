import { el } from '../dom.js'
import { withLater } from '../style.js'
import { icon } from './icon.js'
import { t } from './later-t.js'

/** @import { Draft } from '../store/types.js' */

/**
 * Says above the form, on each of its pages, why a response was returned, and that the questionnaire is only being tried out.
 *
 * @param {HTMLElement} root of the fill screen
 * @param {Draft} draft
 * @param {boolean} isTest
 */
export async function showBanner(root, draft, isTest) {
  await withLater(Promise.resolve())
  root.querySelector('.topbar')?.append(...[
    isTest && el('p', { class: 'banner', 'data-banner': 'test' }, t('fill.test')),
    // What the supervisor writes is for the volunteer, not for the respondent.
    draft.returned && el('p', { class: 'banner banner--returned is-volunteers', 'data-banner': 'returned' },
      icon('alert'), el('span', {}, el('strong', {}, t('fill.returned')), draft.reason)),
  ].filter((part) => part instanceof HTMLElement))
}
