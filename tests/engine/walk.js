/**
 * Fills in any form at random but validly: a walk that a seed repeats. Pure, so that it runs in the server's host too.
 */
import { createForm } from '../../static/engine/form.js'
import { walkTree } from '../../static/engine/tree.js'
import { candidatesFor } from './walk_values.js'

/** @typedef {import('../../static/engine/form.js').Form} Form */
/** @typedef {import('../../static/engine/tree.js').FormNode} FormNode */
/**
 * What came of a walk. `stuck`: paths of questions to which no valid answer was found, each with the kind of problem;
 * `impossible`: paths of those that have to be answered and offer nothing to choose (a list that was not uploaded); `changed`: answers that
 * are others once the draft is closed and opened again.
 *
 * @typedef {{answers: import('../../static/engine/build.js').Answers, stuck: string[], impossible: string[], changed: string[], questions: number, answered: number}} Walk
 */

const ROUNDS = 12
const MAX_QUESTIONS = 4000

/**
 * Opens a form, answers what it asks, adds and moves rows, and finishes.
 *
 * @param {import('../../static/engine/plan.js').Model} model
 * @param {import('../../static/engine/environment.js').Host} host
 * @param {number} seed
 * @returns {Walk}
 */
export function walkForm(model, host, seed) {
  const random = generator(seed)
  const form = createForm(model, { ...host, random })
  for (let round = 0; round < ROUNDS; round += 1) {
    addRows(form, random, round)
    answerOpenQuestions(form, random, round)
    if (!solveProblems(form, random) && round > 2) break
  }
  const questions = [...walkTree(form.root)].filter((node) => node.kind === 'question' && node.isRelevant && node.def.control !== undefined)
  const problems = form.problems()
  const impossible = problems.filter(({ node, kind }) => kind === 'required' && node.def.itemset !== undefined && form.choices(node).length === 0)
  return {
    answers: form.finish().answers,
    stuck: problems.filter((problem) => !impossible.includes(problem)).map(({ node, kind }) => `${node.path} ${kind}`),
    impossible: impossible.map(({ node }) => node.path),
    changed: changedByReopening(form, host),
    questions: questions.length,
    answered: questions.filter((node) => node.value !== '').length,
  }
}

/**
 * Gives numbers in [0, 1), the same ones for a seed (the generator of Park and Miller).
 *
 * @param {number} seed
 */
export function generator(seed) {
  let state = (seed % 2147483646) + 1
  return () => {
    state = (state * 16807) % 2147483647
    return (state - 1) / 2147483646
  }
}

/**
 * @param {Form} form
 * @param {() => number} random
 * @param {number} round
 */
function addRows(form, random, round) {
  for (const repeat of [...walkTree(form.root)].filter(({ kind }) => kind === 'repeat')) {
    while (form.canAdd(repeat) && repeat.children.length < 1 + round && repeat.children.length < 3 && random() < 0.6) form.addRow(repeat)
    const [first] = repeat.children
    if (first !== undefined && form.canMove(first, 1) && random() < 0.3) form.moveRow(first, 1)
    if (first !== undefined && form.canRemove(first) && random() < 0.1) form.removeRow(first)
  }
}

/**
 * @param {Form} form
 * @param {() => number} random
 * @param {number} round
 */
function answerOpenQuestions(form, random, round) {
  let count = 0
  // Answers open and close other questions: the tree is walked as it is at each step.
  for (const node of walkTree(form.root)) {
    if (node.kind !== 'question' || node.def.control === undefined || !node.isRelevant || node.isReadonly) continue
    if ((count += 1) > MAX_QUESTIONS) return
    if (giveReason(form, node, random)) continue
    if (node.value === '' ? node.isRequired || random() < 0.8 : round < 3 && random() < 0.15) answer(form, node, random)
  }
}

/**
 * Says now and then why there is no answer, where the form allows it, or takes that back.
 *
 * @param {Form} form
 * @param {FormNode} node
 * @param {() => number} random
 * @returns {boolean} whether the question is done with
 */
function giveReason(form, node, random) {
  const { missing } = node.def
  if (missing === undefined || random() < 0.6) return node.missing !== ''
  form.setMissing(node, ['', ...missing][Math.floor(random() * (missing.length + 1))])
  return node.missing !== ''
}

/**
 * Tries answers until one is valid; leaves the question open where none is.
 *
 * @param {Form} form
 * @param {FormNode} node
 * @param {() => number} random
 */
function answer(form, node, random) {
  const before = node.value
  for (const value of candidatesFor(node, form, random)) {
    form.set(node, value)
    if (form.problem(node) === null) return
  }
  form.set(node, before)
  if (form.problem(node)?.kind === 'constraint') form.set(node, '')
}

/**
 * @param {Form} form
 * @param {() => number} random
 * @returns {boolean} whether there is still a problem
 */
function solveProblems(form, random) {
  for (const { node, kind } of form.problems()) {
    if (!node.isRelevant || node.isReadonly || form.problem(node) === null) continue
    if (kind !== 'required') form.set(node, '')
    answer(form, node, random)
    if (form.problem(node) !== null) reconsider(form, node, random)
  }
  return form.problems().length > 0
}

/**
 * Answers anew what stands before a question: above a place that has no villages another one may have some.
 *
 * @param {Form} form
 * @param {FormNode} node
 * @param {() => number} random
 */
function reconsider(form, node, random) {
  const group = /** @type {FormNode} */ (node.parent)
  for (const other of group.children.slice(0, group.children.indexOf(node) + 1)) {
    if (other.kind === 'question' && other.def.control !== undefined && other.isRelevant && !other.isReadonly) answer(form, other, random)
  }
}

/**
 * @param {Form} form
 * @param {import('../../static/engine/environment.js').Host} host
 */
function changedByReopening(form, host) {
  const draft = form.answers()
  const again = createForm(form.model, { ...host, random: () => 0.123 }, { answers: draft, language: form.language })
  return differences(draft, again.answers(), '')
}

/**
 * @param {any} a
 * @param {any} b
 * @param {string} path
 * @returns {string[]}
 */
function differences(a, b, path) {
  if (typeof a !== 'object' || typeof b !== 'object') return a === b ? [] : [`${path}: ${a} becomes ${b}`]
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((name) => differences(a[name], b[name], `${path}/${name}`))
}
