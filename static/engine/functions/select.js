/**
 * Functions of choices, lists and texts of the form (ODK XForms "Select Functions" and `pulldata`, `jr:itext`).
 */
import { define } from './define.js'
import { toNumber, toText } from '../values.js'

/** @type {Record<string, import('./define.js').FunctionDefinition>} */
export const SELECT_FUNCTIONS = {
  selected: define(2, 2, isSelected),
  // JavaRosa's other name of the same.
  'is-selected': define(2, 2, isSelected),
  'selected-at': define(2, 2, ([answer, index], { env }) => namesIn(toText(answer))[toNumber(index, env.zone)] ?? ''),
  'count-selected': define(1, 1, ([answer]) => namesIn(toText(answer)).length),
  'jr:choice-name': define(2, 2, ([name, path], { env, current }) => env.choiceName(toText(name), toText(path).trim(), current)),
  'jr:itext': define(1, 1, ([key], { env }) => env.itext(toText(key))),
  pulldata: define(4, 4, ([id, column, keyColumn, key], { env }) => {
    const instance = env.instance(toText(id))
    const [item] = instance === null ? [] : instance.lookUp(toText(keyColumn), [toText(key)])
    return item === undefined ? '' : item.cell(toText(column))
  }),
}

/** @param {import('../values.js').Value[]} args */
function isSelected([answer, name]) {
  return toText(answer).trim().split(/\s+/).includes(toText(name).trim())
}

/** @param {string} answer names separated by blanks */
function namesIn(answer) {
  return answer.trim() === '' ? [] : answer.trim().split(/\s+/)
}
