/**
 * Takes the answers out of a form: the draft with everything, or the response as it is sent.
 */
import { MISSING } from './build.js'
import { momentText } from './calendar.js'
import { walkTree } from './tree.js'

/** @typedef {import('./tree.js').FormNode} FormNode */
/** @typedef {import('./build.js').Answers} Answers */

/**
 * Gives everything typed, answers of questions that are not relevant and of rows beyond the count included.
 *
 * @param {FormNode} node a group or row
 * @returns {Answers}
 */
export function draftOf(node) {
  return collect(node, (child) => child.value, () => true, (repeat) => [...repeat.children, ...repeat.spare])
}

/**
 * Gives the answers of a finished response: of relevant questions only, with metadata filled in.
 *
 * @param {FormNode} root
 * @param {import('./environment.js').Host} host
 * @returns {Answers}
 */
export function responseOf(root, host) {
  const end = momentText(host.now(), (ms) => host.offset(ms))
  const uuid = `uuid:${host.uuid()}`
  return collect(
    root,
    (node) => {
      if (!node.isRelevant) return ''
      if (node.def.preload === 'timestamp' && node.def.preload_params === 'end') return end
      return node.value === '' && node.name === 'instanceID' && node.parent?.name === 'meta' ? uuid : node.value
    },
    (node) => node.isRelevant,
    (repeat) => (repeat.isRelevant ? repeat.children : []),
  )
}

/**
 * Counts the answers that were given by hand and are not sent.
 *
 * @param {FormNode} root
 */
export function countDropped(root) {
  let count = 0
  const tops = [root]
  for (const top of tops) {
    for (const node of walkTree(top)) {
      tops.push(...node.spare)
      const isSent = node.isRelevant && isShown(node)
      if (!isSent && node.kind === 'question' && isTyped(node)) count += 1
    }
  }
  return count
}

/** @param {FormNode} node whether every row around it is within its repeat's count */
function isShown(node) {
  for (let at = /** @type {FormNode | null} */ (node); at !== null; at = at.parent) {
    if (at.kind === 'row' && at.parent !== null && at.parent.spare.includes(at)) return false
  }
  return true
}

/** @param {FormNode} node */
function isTyped({ def, value }) {
  return def.control !== undefined && def.calculate === undefined && value !== '' && value !== def.default
}

/**
 * @param {FormNode} node
 * @param {(question: FormNode) => string} valueOf
 * @param {(question: FormNode) => boolean} isAsked whether the reason why it has no answer is taken along
 * @param {(repeat: FormNode) => FormNode[]} rowsOf
 * @returns {Answers}
 */
function collect(node, valueOf, isAsked, rowsOf) {
  /** @type {Answers} */
  const answers = {}
  for (const child of node.children) {
    if (child.kind === 'question') {
      const value = valueOf(child)
      if (value !== '') answers[child.name] = value
      if (child.missing !== '' && isAsked(child)) answers[child.name + MISSING] = child.missing
    } else if (child.kind === 'repeat') {
      const rows = rowsOf(child).map((row) => collect(row, valueOf, isAsked, rowsOf))
      if (rows.length > 0) answers[child.name] = rows
    } else {
      const inner = collect(child, valueOf, isAsked, rowsOf)
      if (Object.keys(inner).length > 0) answers[child.name] = inner
    }
  }
  return answers
}
