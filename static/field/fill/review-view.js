/** @import { Form, FormNode } from './types.js' */
import { el } from '../dom.js'
import { t } from './later-t.js'
import { icon } from './icon.js'
import { problemList } from './overview.js'
import { problemText } from './problem-text.js'

/**
 * Fills the screen after the last question: what is still to be put right, or that all is well and Finish is next.
 *
 * @param {HTMLElement} element
 * @param {Form} form
 * @param {{go: (node: FormNode) => void, showAll: () => void}} host
 */
export function fillReview(element, form, { go, showAll }) {
  const problems = form.problems().map((problem) => ({ node: problem.node, text: problemText(problem) }))
  const state = problems.length
    ? el('div', { class: 'notice notice--danger' }, icon('alert'), el('p', {}, t('fill.problems', { count: problems.length })))
    : el('div', { class: 'notice notice--success' }, icon('check'), el('p', {}, t('fill.all_well')))
  element.replaceChildren(
    el('h2', { class: 'fill-page__title' }, t('fill.review')),
    state,
    problems.length ? problemList(form, problems, go) : el('p', { class: 'soft' }, t('fill.finish_hint')),
    el('button', { type: 'button', class: 'button button--block', onclick: showAll }, icon('list'), t('fill.list_answers')))
}
