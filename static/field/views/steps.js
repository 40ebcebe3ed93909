/** What a volunteer has done of getting started, on this phone: `practice` and `install`. The start page offers what is left. */

const KEY = 'steps'

/** @typedef {'practice' | 'install'} Step */

/** @type {Step[]} in the order in which they are offered */
export const STEPS = ['practice', 'install']

/** @returns {string[]} */
function steps() {
  try {
    return (localStorage.getItem(KEY) ?? '').split(',')
  } catch {
    return []
  }
}

/** @param {Step} step */
export function isDone(step) {
  return steps().includes(step)
}

/** Notes that a step is done, for good. @param {Step} step */
export function noteDone(step) {
  if (isDone(step)) return
  try {
    localStorage.setItem(KEY, [...steps().filter(Boolean), step].join(','))
  } catch {
    // A full phone: it is offered once more.
  }
}
