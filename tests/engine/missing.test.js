import assert from 'node:assert/strict'
import { test } from 'node:test'
import { check } from '../../static/engine/check.js'
import { createForm } from '../../static/engine/form.js'
import { calculate, fill, group, host, int, list, model, repeat, select1, text, valueAt } from './models.js'

const missing = ['dont_know', 'declined']
const shape = model(
  [
    int('age', { required: 'true()', constraint: '. > 15', missing }),
    text('proud', { relevant: ' /data/age  != ""' }),
    select1('yn', "instance('yn')/root/item", { missing: ['declined'] }),
    text('plain'),
    repeat('m', [text('name', { missing }), text('pet')]),
    calculate('twice', ' /data/age  * 2'),
  ],
  { lists: { yn: list(['yes', 'no']) } },
)

/** @param {any} [options] */
function open(options) {
  return createForm(shape, host(), options)
}

/** @param {unknown} answers */
function flagsOf(answers) {
  return check(shape, host(), answers).flags.map(({ code, path }) => `${code} ${path}`)
}

test('a reason takes the place of the answer, of what is required and of what depends on it', () => {
  const form = open()
  const age = /** @type {any} */ (form.find('/data/age'))
  assert.deepEqual(form.problems().map(({ kind }) => kind), ['required'])
  fill(form, { '/data/age': '12', '/data/proud': 'yes' })
  assert.deepEqual(form.problems().map(({ kind }) => kind), ['constraint'])
  /** @type {string[]} */
  let told = []
  form.onChange((nodes) => (told = [...nodes].map(({ path }) => path)))
  form.setMissing(age, 'declined')
  assert.deepEqual([age.value, age.missing, form.problems()], ['', 'declined', []])
  assert.equal(form.find('/data/proud')?.isRelevant, false)
  assert.equal(valueAt(form, '/data/twice'), '')
  assert.ok(told.includes('/data/age') && told.includes('/data/proud') && told.includes('/data/twice'), told.join())
  assert.deepEqual(form.finish().answers, { 'age@missing': 'declined' })
  assert.deepEqual(check(shape, host(), form.finish().answers).flags, [])
})

test('an answer takes the place of a reason; a blank one does not, and a reason can be taken back', () => {
  const form = open()
  const age = /** @type {any} */ (form.find('/data/age'))
  form.setMissing(age, 'dont_know')
  form.set(age, '')
  assert.equal(age.missing, 'dont_know')
  form.set(age, '30')
  assert.deepEqual([age.missing, form.answers()], ['', { age: '30', twice: '60' }])
  form.setMissing(age, 'dont_know')
  form.setMissing(age, '')
  assert.deepEqual([age.missing, form.problems().map(({ kind }) => kind)], ['', ['required']])
})

test('a reason that the form does not allow is refused and changes nothing', () => {
  const form = open()
  fill(form, { '/data/plain': 'x' })
  assert.throws(() => form.setMissing(/** @type {any} */ (form.find('/data/yn')), 'dont_know'))
  assert.throws(() => form.setMissing(/** @type {any} */ (form.find('/data/plain')), 'declined'))
  assert.equal(valueAt(form, '/data/plain'), 'x')
})

test('a draft keeps reasons, those of what is not relevant too; a response leaves these out', () => {
  const own = model([select1('yn', "instance('yn')/root/item"), text('why', { relevant: " /data/yn  = 'yes'", missing }), group('g', [text('who', { missing })])], { lists: { yn: list(['yes', 'no']) } })
  const form = createForm(own, host())
  fill(form, { '/data/yn': 'yes' })
  form.setMissing(/** @type {any} */ (form.find('/data/why')), 'declined')
  form.setMissing(/** @type {any} */ (form.find('/data/g/who')), 'dont_know')
  fill(form, { '/data/yn': 'no' })
  const draft = { yn: 'no', 'why@missing': 'declined', g: { 'who@missing': 'dont_know' } }
  assert.deepEqual(form.answers(), draft)
  assert.deepEqual(form.finish().answers, { yn: 'no', g: { 'who@missing': 'dont_know' } })
  assert.equal(form.finish().dropped, 0)
  const again = createForm(own, host(), { answers: JSON.parse(JSON.stringify(draft)) })
  assert.deepEqual(again.answers(), draft)
  fill(again, { '/data/yn': 'yes' })
  assert.deepEqual(again.finish().answers, { ...draft, yn: 'yes' })
})

test('rows carry their reasons along when they move and go', () => {
  const form = open()
  const rows = /** @type {any} */ (form.find('/data/m'))
  const [first, second] = [form.addRow(rows), form.addRow(rows)]
  form.setMissing(first.children[0], 'declined')
  fill(form, { '/data/m[2]/name': 'Ben' })
  form.moveRow(first, 1)
  assert.deepEqual(/** @type {any} */ (form.answers()).m, [{ name: 'Ben' }, { 'name@missing': 'declined' }])
  form.removeRow(second)
  assert.deepEqual(/** @type {any} */ (form.answers()).m, [{ 'name@missing': 'declined' }])
})

test('what a draft holds that the form does not allow, or beside an answer, is not taken', () => {
  const form = open({ answers: { age: '30', 'age@missing': 'declined', 'yn@missing': 'dont_know', 'plain@missing': 'declined', m: [{ 'name@missing': 7 }] } })
  assert.deepEqual(form.answers(), { age: '30', twice: '60', m: [{}] })
})

test('a reason in place of a calculated answer stays when the draft is opened again, until what it is calculated from changes', () => {
  const own = model([int('a'), int('b', { calculate: ' /data/a  + 1', missing })])
  const form = createForm(own, host())
  fill(form, { '/data/a': '1' })
  form.setMissing(/** @type {any} */ (form.find('/data/b')), 'dont_know')
  const again = createForm(own, host(), { answers: form.answers() })
  assert.deepEqual(again.answers(), { a: '1', 'b@missing': 'dont_know' })
  fill(again, { '/data/a': '2' })
  assert.deepEqual(again.answers(), { a: '2', b: '3' })
})

test('expressions see neither reasons nor their keys', () => {
  const own = model([text('a', { missing }), calculate('count', 'count( /data/* )'), calculate('last', "count(instance('__last-saved')/data/*)"), calculate('a_was', "instance('__last-saved')/data/a")])
  const form = createForm(own, { ...host(), lastSaved: { 'a@missing': 'declined', b: '1' } })
  form.setMissing(/** @type {any} */ (form.find('/data/a')), 'declined')
  assert.deepEqual([valueAt(form, '/data/count'), valueAt(form, '/data/last'), valueAt(form, '/data/a_was')], ['4', '1', ''])
})

test('the check flags reasons that are none, beside an answer, and where nothing is asked', () => {
  const good = { age: '30', twice: '60' }
  assert.deepEqual(flagsOf({ 'age@missing': 'declined' }), [])
  assert.deepEqual(flagsOf({ ...good, 'yn@missing': 'dont_know' }), ['reason_unknown /data/yn'])
  assert.deepEqual(flagsOf({ ...good, 'plain@missing': 'declined', m: [{ 'pet@missing': 'declined' }] }), ['reason_unknown /data/plain', 'reason_unknown /data/m[1]/pet'])
  assert.deepEqual(flagsOf({ ...good, 'age@missing': 'declined' }), ['reason_beside_answer /data/age'])
  assert.deepEqual(flagsOf({ ...good, 'zz@missing': 'declined', 'm@missing': 'declined' }), ['unknown_question /data/zz', 'unknown_question /data/m'])
  assert.deepEqual(flagsOf({ 'age@missing': 'shy' }), ['reason_unknown /data/age', 'required_missing /data/age'])
  const asked = model([text('a'), text('b', { relevant: " /data/a  = 'x'", missing })])
  assert.deepEqual(check(asked, host(), { 'b@missing': 'declined' }).flags.map(({ code }) => code), ['not_relevant'])
})
