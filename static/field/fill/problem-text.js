/** @import { Problem } from './types.js' */
import { t } from '../i18n/i18n.js'

/** Types that have words of their own for an answer that cannot be read. */
const TYPES = new Set(['int', 'decimal', 'date', 'time', 'dateTime'])

/**
 * Gives the message for a problem: the form's own, else the built-in one.
 *
 * @param {Problem} problem
 * @returns {string}
 */
export function problemText({ node, kind, message }) {
  if (message) return message
  if (kind !== 'type') return t(`fill.problem.${kind}`)
  const { type = '' } = node.def
  return t(TYPES.has(type) ? `fill.problem.type.${type}` : 'fill.problem.type')
}
