/**
 * The model's `setvalue` actions (ODK XForms, "Actions"): dynamic defaults and triggered calculations.
 */
import { instancesUnder, rowAround } from './tree.js'

/** @typedef {import('./tree.js').FormNode} FormNode */
/** @typedef {import('./plan.js').Action} Action */
/** @typedef {import('./plan.js').Plan} Plan */
/** @typedef {import('./plan.js').CompiledModel} CompiledModel */

/** @type {Record<string, string[]>} */
const EVENTS = {
  'first-load': ['odk-instance-first-load', 'xforms-ready', 'odk-instance-load'],
  load: ['odk-instance-load'],
  'new-repeat': ['odk-new-repeat'],
}

/**
 * Gives the actions of an event.
 *
 * @param {CompiledModel} compiled
 * @param {'first-load' | 'load' | 'new-repeat'} event `first-load`: a new response is opened; `load`: a draft is
 * @returns {Action[]}
 */
export function actionsOn({ model }, event) {
  return model.actions.filter((action) => eventsOf(action).some((name) => EVENTS[event].includes(name)))
}

/**
 * Gives the actions that a change of each question triggers, by the question's path.
 *
 * @param {CompiledModel} compiled
 * @returns {Map<string, Action[]>}
 */
export function triggeredActions({ model }) {
  /** @type {Map<string, Action[]>} */
  const bySource = new Map()
  for (const action of model.actions) {
    if (action.source === undefined || !eventsOf(action).includes('xforms-value-changed')) continue
    bySource.set(action.source, [...(bySource.get(action.source) ?? []), action])
  }
  return bySource
}

/** @param {Action} action */
function eventsOf(action) {
  return action.event.split(/\s+/)
}

/**
 * Gives the nodes that an action sets: those in the same rows as the node at which it happened.
 *
 * @param {Action} action
 * @param {FormNode} at
 * @param {FormNode} root
 * @param {CompiledModel} compiled
 */
export function targetsOf(action, at, root, compiled) {
  const plan = compiled.byPath.get(action.ref)
  if (plan === undefined) return []
  for (let repeat = plan.repeat; repeat !== null; repeat = repeat.parent === null ? null : repeat.parent.repeat) {
    const row = rowAround(at, repeat)
    if (row !== null) return instancesUnder(row, plan)
  }
  return instancesUnder(root, plan)
}
