/** On the start page of a phone that several share: what waits of the others, and the way to them. */

import { el } from '../dom.js'
import { t } from '../i18n/i18n.js'
import { lock } from '../vault/lock.js'
import { fetchWords } from '../vault/words.js'

/** @typedef {import('../application.js').App} App */

/** Gives the function that draws it. @param {App} app */
export async function openPeople(app) {
  await fetchWords()
  return () => [el('section', { class: 'notice', 'data-notice': 'people' },
    el('div', { class: 'notice__text' }, ...lines(app.state)),
    app.state.people.length > 1 && el('button', { class: 'button button--quiet button--small', type: 'button', 'data-action': 'people', onclick: () => lock(app) }, t('people.switch')))]
}

/** What each of the others has in the outbox; where there is nothing, that they are there. @param {import('../state.js').State} state */
function lines({ others, people }) {
  const authors = [...new Set(others.map(({ summary }) => summary.author))]
  if (authors.length === 0) return [el('p', {}, t('people.shared'))]
  return authors.map((author) => el('p', { 'data-others': author }, t('people.others', {
    count: others.filter(({ summary }) => summary.author === author).length,
    name: people.find(({ user }) => user.id === author)?.user.name ?? t('people.other'),
  })))
}
