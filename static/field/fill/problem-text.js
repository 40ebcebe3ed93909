/** @import { Problem } from './types.js' */
import { t } from '../i18n/i18n.js'

/**
 * Gives the message for a problem: the form's own, else the built-in one.
 *
 * @param {Problem} problem
 * @returns {string}
 */
export function problemText({ node, kind, message }) {
  if (message) return message
  if (kind !== 'type') return t(`fill.problem.${kind}`)
  const key = `fill.problem.type.${node.def.type}`
  const own = t(key)
  // Not every type has words of its own, and those of a widget come with it.
  return own === key ? t('fill.problem.type') : own
}
