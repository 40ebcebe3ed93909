/** @import { Form, FormNode } from './fill/types.js' */
/** @import { TryOut } from './try-out.js' */
import { el } from './dom.js'
import { isShown, trail } from './fill/layout.js'
import { openFormFiles } from './form-files.js'
import { t } from './fill/later-t.js'
import { setLanguage } from './i18n/i18n.js'
import { openTryOut, prepareTryOut } from './try-out.js'

/** Shows a questionnaire in the office as a phone shows it, over and over. @param {HTMLElement} root @param {TryOut} tryOut */
function openPreview(root, tryOut) {
  const again = () => openPreview(root, tryOut)
  const fill = openTryOut(root, tryOut, {
    finish: (form) => showAnswers(root, form, again),
    leave: () => {
      fill.destroy()
      again()
    },
  })
}

/** @param {HTMLElement} root @param {Form} form @param {() => void} again */
function showAnswers(root, form, again) {
  const answers = el('dl', { class: 'preview__answers' }, ...answered(form.root).flatMap((node) => [
    el('dt', { class: 'soft small' }, [...trail(form, node), form.text(node, 'label') || node.name].join(' › ')),
    el('dd', {}, form.display(node)),
  ]))
  root.replaceChildren(el('section', { class: 'fill-page preview' },
    el('h2', {}, t('fill.preview_done')),
    answers,
    el('button', { type: 'button', class: 'button button--primary button--block', onclick: again }, t('fill.preview_again'))))
}

/**
 * @param {FormNode} node
 * @returns {FormNode[]}
 */
function answered(node) {
  if (node.kind === 'question') return isShown(node) && node.value ? [node] : []
  return node.isRelevant ? node.children.flatMap(answered) : []
}

const root = document.querySelector('#preview')
if (root instanceof HTMLElement) {
  // The office shows the phone in a frame of its own height, not the window's.
  root.style.setProperty('--fill-height', '100%')
  await setLanguage(document.documentElement.lang.slice(0, 2))
  try {
    const response = await fetch(root.dataset.modelUrl ?? '', { headers: { Accept: 'application/json' } })
    if (!response.ok) throw new Error(`status ${response.status}`)
    openPreview(root, await prepareTryOut(await response.text(), (model) => openFormFiles(model, (sha256) => fetch(root.dataset.filesUrl + sha256))))
  } catch (error) {
    console.error(error)
    root.replaceChildren(el('p', { class: 'notice notice--danger', role: 'alert' }, t('fill.preview_failed')))
  }
}
