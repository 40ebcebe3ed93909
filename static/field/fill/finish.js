/** @import { FinishResult, Form, FormNode } from './types.js' */
/** @import { Autosave } from './autosave.js' */
/** @import { BottomBar } from './bars.js' */
/** @import { Notice } from './notice.js' */
import { ask } from '../dom.js'
import { t } from './later-t.js'

/**
 * Finishes a response in which nothing is wrong. What the volunteer typed and the response leaves out is told first.
 *
 * @param {object} screen
 * @param {Form} screen.form
 * @param {Autosave} screen.autosave
 * @param {BottomBar} screen.bottom
 * @param {Notice} screen.notice
 * @param {(result: FinishResult) => Promise<unknown>} screen.finish keeps the response; false: the volunteer thought better of it
 */
export async function finishResponse({ form, autosave, bottom, notice, finish }) {
  const result = form.finish()
  const leftOut = leftOutWords(form, result.dropped)
  if (leftOut && !(await ask({ title: t('fill.finish'), text: `${leftOut} ${t('fill.dropped_sure')}`, yes: t('fill.finish'), no: t('fill.cancel') }))) return
  bottom.setBusy(true)
  // A save that came after would bring the draft back from the dead.
  await autosave.stop()
  const goOn = () => {
    autosave.resume()
    bottom.setBusy(false)
    bottom.show('finish', false)
  }
  try {
    if ((await finish(result)) === false) goOn()
  } catch (error) {
    goOn()
    const isFull = error instanceof Error && error.name === 'QuotaExceededError'
    notice.warn(t(isFull ? 'fill.save.full' : 'fill.finish_failed'))
  }
}

/**
 * Gives the sentences on what is left out: entries of repeats beyond their number (A34), and answers of questions that
 * no longer apply (A27); `''` where nothing is.
 *
 * @param {Form} form
 * @param {number} dropped typed answers that are left out
 */
function leftOutWords(form, dropped) {
  const rows = spareRows(form.root)
  const count = dropped - rows.reduce((sum, row) => sum + countTyped(row), 0)
  return [rows.length > 0 && t('fill.dropped_rows', { count: rows.length }), count > 0 && t('fill.dropped', { count })].filter(Boolean).join(' ')
}

/**
 * Gives the rows that somebody filled in and that are now beyond their repeat's number.
 *
 * @param {FormNode} node
 * @returns {FormNode[]}
 */
function spareRows(node) {
  const beyond = (node.spare ?? []).filter((row) => countTyped(row) > 0)
  return [...beyond, ...node.children.flatMap(spareRows)]
}

/**
 * @param {FormNode} node
 * @returns {number}
 */
function countTyped(node) {
  const { def, value } = node
  if (node.kind === 'question') return def.control && !('calculate' in def) && value !== '' && value !== def.default ? 1 : 0
  return [...node.children, ...(node.spare ?? [])].reduce((sum, child) => sum + countTyped(child), 0)
}
