/**
 * Checks a finished response against its form, on the server: docs/engine.md, "The server's check".
 */
import { MISSING, answersIn } from './build.js'
import { Form } from './form.js'
import { compileModel } from './plan.js'
import { walkTree } from './tree.js'
import { fitsType } from './types.js'

/** @typedef {import('./tree.js').FormNode} FormNode */
/** @typedef {import('./plan.js').Plan} Plan */
/** @typedef {{code: string, path: string, message: string}} Flag */

const MAX_FLAGS = 100
/** What these give depends on the moment, on chance, on the phone or on the language of the interview: it cannot be computed again. */
const VOLATILE = /\b(?:now|today|random|randomize|uuid|once|format-date|format-date-time|decimal-time|jr:choice-name|jr:itext)\s*\(|__last-saved/

/**
 * Gives the flags of a response, `[]` when all is well, and the paths of the questions that it was asked and has neither an answer nor a
 * reason for none. No message holds an answer.
 *
 * @param {import('./plan.js').Model} model
 * @param {import('./environment.js').Host} host whose clock stands at the moment of finishing
 * @param {unknown} answers nested as the form is
 * @returns {{flags: Flag[], unanswered: string[]}} at most 100 flags
 */
export function check(model, host, answers) {
  const form = new Form(compileModel(model), host, { answers: answersIn(answers), keepCalculated: true })
  /** @type {Flag[]} */
  const flags = []
  const flag = (/** @type {string} */ code, /** @type {string} */ path, /** @type {string} */ message) => {
    if (flags.length < MAX_FLAGS) flags.push({ code, path, message })
  }
  checkShape(compileModel(model).root, answers, form.root.path, flag)
  const unanswered = []
  for (const node of allNodes(form.root)) {
    if (node.kind !== 'question') continue
    checkQuestion(node, form, flag)
    if (node.value === '' && node.missing === '' && node.isRelevant && !isSpare(node) && !isNote(node)) unanswered.push(node.path)
  }
  return { flags, unanswered }
}

/** @typedef {(code: string, path: string, message: string) => void} FlagWriter */

/**
 * Flags what the form does not have, answers that are no text, and reasons that are none.
 *
 * @param {Plan} plan of a group or repeat
 * @param {unknown} answers of the group or of one row
 * @param {string} path
 * @param {FlagWriter} flag
 */
function checkShape(plan, answers, path, flag) {
  for (const [name, answer] of Object.entries(answersIn(answers))) {
    const isReason = name.endsWith(MISSING) && !plan.byName.has(name)
    const own = isReason ? name.slice(0, -MISSING.length) : name
    const child = plan.byName.get(own)
    const at = `${path}/${own}`
    if (isReason && child?.kind === 'question') checkReason(child, answer, answersIn(answers)[own], at, flag)
    else if (isReason || child === undefined) flag('unknown_question', at, 'The form has no such question.')
    else if (!hasShape(child, answer)) flag('bad_type', at, 'The answer is not of the shape that the form has here.')
    else if (child.kind === 'group') checkShape(child, answer, at, flag)
    else if (child.kind === 'repeat') /** @type {unknown[]} */ (answer).forEach((row, index) => checkShape(child, row, `${at}[${index + 1}]`, flag))
  }
}

/**
 * Flags a reason for no answer that the form does not allow, or that has an answer beside it.
 *
 * @param {Plan} plan of the question
 * @param {unknown} reason
 * @param {unknown} answer
 * @param {string} at
 * @param {FlagWriter} flag
 */
function checkReason({ def, name }, reason, answer = '', at, flag) {
  if (!def.missing?.some((one) => one === reason)) flag('reason_unknown', at, `The form does not allow the reason why ${name} has no answer.`)
  if (answer !== '') flag('reason_beside_answer', at, `${name} has an answer, and a reason why it has none.`)
}

/**
 * @param {Plan} plan
 * @param {unknown} answer
 */
function hasShape(plan, answer) {
  if (plan.kind === 'question') return typeof answer === 'string'
  const isGroup = (/** @type {unknown} */ one) => typeof one === 'object' && one !== null && !Array.isArray(one)
  return plan.kind === 'group' ? isGroup(answer) : Array.isArray(answer) && answer.every(isGroup)
}

/**
 * Gives all nodes, those of rows beyond a repeat's count included.
 *
 * @param {FormNode} root
 * @returns {Generator<FormNode>}
 */
function* allNodes(root) {
  for (const node of walkTree(root)) {
    yield node
    for (const row of node.spare) yield* allNodes(row)
  }
}

/**
 * @param {FormNode} node
 * @param {Form} form
 * @param {FlagWriter} flag
 */
function checkQuestion(node, form, flag) {
  const { def, value, missing } = node
  if (!node.isRelevant || isSpare(node)) {
    if (value !== '' || missing !== '') flag('not_relevant', node.path, `${node.name} is answered though the form does not ask it here.`)
    return
  }
  if (!fitsType(value, def.type)) flag('bad_type', node.path, `The answer to ${node.name} is not of the type ${def.type}.`)
  else if (!form.isAmongChoices(node)) flag('unknown_choice', node.path, `The answer to ${node.name} is not among its choices.`)
  if (def.control !== undefined && value.trim() === '' && missing === '' && node.isRequired && !node.isReadonly) {
    flag('required_missing', node.path, `${node.name} is required and not answered.`)
  }
  if (def.constraint !== undefined && value !== '' && !form.meetsConstraint(node)) {
    flag('constraint_broken', node.path, `The answer to ${node.name} breaks its constraint.`)
  }
  if (differsFromCalculation(node, form)) flag('calculate_differs', node.path, `${node.name} is not what the other answers give.`)
}

/**
 * Tells whether a calculated value, of a relevant question, is not what the same answers give.
 *
 * @param {FormNode} node
 * @param {Form} form
 */
function differsFromCalculation(node, form) {
  const { def, value } = node
  // A calculated answer that is shown may be put right by hand.
  if (def.calculate === undefined || (def.control !== undefined && !node.isReadonly)) return false
  return !VOLATILE.test(def.calculate) && form.calculated(node) !== value
}

/**
 * Gives what the answers of a response lead to: calculated values that they give now and that stand there otherwise, by the path of their
 * question, and the paths of the questions that the form does not ask with them.
 *
 * @param {import('./plan.js').Model} model
 * @param {import('./environment.js').Host} host whose clock stands at the moment of finishing
 * @param {unknown} answers nested as the form is
 * @returns {{calculated: Record<string, string>, unasked: string[]}}
 */
export function consequences(model, host, answers) {
  const form = new Form(compileModel(model), host, { answers: answersIn(answers), keepCalculated: true })
  /** @type {Record<string, string>} */
  const calculated = {}
  const unasked = []
  for (const node of allNodes(form.root)) {
    if (node.kind !== 'question') continue
    if (!node.isRelevant || isSpare(node)) unasked.push(node.path)
    else if (differsFromCalculation(node, form)) calculated[node.path] = form.calculated(node)
  }
  return { calculated, unasked }
}

/** @param {FormNode} node whether it is only read */
function isNote({ def }) {
  return def.control === 'input' && def.readonly === 'true()'
}

/** @param {FormNode} node */
function isSpare(node) {
  for (let at = /** @type {FormNode | null} */ (node); at !== null; at = at.parent) {
    if (at.kind === 'row' && at.parent !== null && at.parent.spare.length > 0 && at.parent.spare.includes(at)) return true
  }
  return false
}
