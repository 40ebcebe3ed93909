import assert from 'node:assert/strict'
import { test } from 'node:test'
import { check } from '../../static/engine/check.js'
import { createForm } from '../../static/engine/form.js'
import { calculate, fill, group, host, int, list, model, repeat, select1, text } from './models.js'

const shape = model(
  [
    text('name', { required: 'true()' }),
    int('age', { constraint: '. < 120' }),
    select1('yn', "instance('yn')/root/item"),
    text('kids', { type: 'int', relevant: "/data/yn = 'yes'" }),
    int('n'),
    repeat('m', [text('who')], { count: ' /data/n ' }),
    group('g', [calculate('twice', ' /data/age  * 2'), calculate('more', ' /data/g/twice  + 1'), calculate('when', 'now()')]),
  ],
  { lists: { yn: list(['yes', 'no']) } },
)
const good = { name: 'Ana', age: '30', yn: 'no', n: '1', m: [{ who: 'Ben' }], g: { twice: '60', more: '61', when: '2020-01-01T00:00:00.000Z' } }

/** @param {unknown} answers */
function flagsOf(answers) {
  return check(shape, host(), answers).flags.map(({ code, path }) => `${code} ${path}`)
}

test('a response that the form finished has no flags', () => {
  const form = createForm(shape, host())
  fill(form, { '/data/name': 'Ana', '/data/age': '30', '/data/yn': 'yes', '/data/kids': '2', '/data/n': '2' })
  fill(form, { '/data/m[1]/who': 'Ben' })
  assert.deepEqual(check(shape, host(), form.finish().answers).flags, [])
  assert.deepEqual(flagsOf(good), [])
})

test('each kind of flag, with its place', () => {
  assert.deepEqual(flagsOf({ ...good, zz: '1', g: { ...good.g, yy: '1' } }), ['unknown_question /data/g/yy', 'unknown_question /data/zz'])
  assert.deepEqual(flagsOf({ ...good, n: 'x' }), ['bad_type /data/n', 'not_relevant /data/m[1]/who'])
  assert.deepEqual(flagsOf({ ...good, yn: 'maybe' }), ['unknown_choice /data/yn'])
  assert.deepEqual(flagsOf({ ...good, name: ' ' }), ['required_missing /data/name'])
  assert.deepEqual(flagsOf({ ...good, age: '130', g: { ...good.g, twice: '260', more: '261' } }), ['constraint_broken /data/age'])
  assert.deepEqual(flagsOf({ ...good, kids: '2' }), ['not_relevant /data/kids'])
  assert.deepEqual(flagsOf({ ...good, g: { ...good.g, twice: '61', more: '62' } }), ['calculate_differs /data/g/twice'])
  assert.deepEqual(flagsOf({ ...good, m: [{ who: 'Ben' }, { who: 'Eva' }] }), ['not_relevant /data/m[2]/who'])
})

test('no shape of answers stops the check, and there are at most 100 flags', () => {
  for (const answers of [null, [], 'x', 7, { m: {} }, { m: [null, 3, 'x'] }, { g: 'x' }, { name: { a: 1 } }, { name: null }, JSON.parse('{"__proto__": {"name": "x"}, "constructor": "y"}')]) {
    assert.ok(Array.isArray(check(shape, host(), answers).flags))
  }
  assert.equal(check(shape, host(), Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`u${index}`, '1']))).flags.length, 100)
})

test('no message holds an answer', () => {
  for (const flag of check(shape, host(), { name: 'secret', age: 'secret', yn: 'secret', kids: 'secret', g: { twice: 'secret' }, m: [{ who: 'secret' }] }).flags) {
    assert.doesNotMatch(flag.message, /secret/)
  }
})

test('what was asked and has no answer is told from what was not asked', () => {
  const { unanswered } = check(shape, host(), { name: 'Ana', yn: 'no', n: '2', m: [{ who: 'Ben' }, {}], g: { twice: '', more: '' } })
  assert.deepEqual(unanswered, ['/data/age', '/data/m[2]/who', '/data/g/twice', '/data/g/more', '/data/g/when'])
  assert.ok(check(shape, host(), { yn: 'yes' }).unanswered.includes('/data/kids'))
})

test('a note, and a question whose reason for no answer is given, are not unanswered', () => {
  const asked = model([text('note', { readonly: 'true()' }), text('a', { missing: ['declined'] }), text('b', { missing: ['declined'] })])
  assert.deepEqual(check(asked, host(), { 'a@missing': 'declined' }).unanswered, ['/data/b'])
})
