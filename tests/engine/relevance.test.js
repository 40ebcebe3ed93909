import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createForm } from '../../static/engine/form.js'
import { calculate, fill, group, host, int, model, repeat, text, valueAt } from './models.js'

test('A27 an answer that is not relevant stays in the draft, counts as empty, and leaves at finish', () => {
  const form = createForm(
    model([text('has_kids'), int('kids', { relevant: "/data/has_kids = 'yes'" }), calculate('total', 'coalesce( /data/kids , 0) + 1')]),
    host(),
  )
  fill(form, { '/data/has_kids': 'yes', '/data/kids': '3' })
  assert.equal(valueAt(form, '/data/total'), '4')
  fill(form, { '/data/has_kids': 'no' })
  assert.equal(valueAt(form, '/data/total'), '1')
  assert.equal(form.answers().kids, '3')
  assert.deepEqual(form.finish().answers, { has_kids: 'no', total: '1' })
  assert.equal(form.finish().dropped, 1)
  fill(form, { '/data/has_kids': 'yes' })
  assert.equal(form.finish().answers.kids, '3')
  assert.equal(valueAt(form, '/data/total'), '4')
  assert.equal(form.finish().dropped, 0)
})

test('A27 a default on a question that was never shown is not sent, nor told as dropped', () => {
  const form = createForm(model([text('a'), text('b', { default: 'x', relevant: "/data/a = '1'" })]), host())
  assert.deepEqual(form.finish(), { answers: {}, instanceName: '', dropped: 0 })
})

test('A28 required and constraint count only where the question is relevant', () => {
  const form = createForm(
    model([text('gender'), int('age', { required: 'true()', constraint: '. > 25 and . < 45', constraint_message: 'c', relevant: "/data/gender = 'f'" })], {
      texts: { c: '26 to 44' },
    }),
    host(),
  )
  fill(form, { '/data/gender': 'm' })
  assert.deepEqual(form.problems(), [])
  fill(form, { '/data/gender': 'f' })
  assert.equal(form.problems()[0].kind, 'required')
  fill(form, { '/data/age': '50' })
  assert.deepEqual(form.problems().map(({ kind, message }) => [kind, message]), [['constraint', '26 to 44']])
  fill(form, { '/data/age': '30' })
  assert.deepEqual(form.problems(), [])
})

test('A28 a hidden group hides the problems in it', () => {
  const form = createForm(
    model([text('gender'), group('g', [group('h', [int('age', { required: 'true()' })])], { relevant: "/data/gender = 'f'" })]),
    host(),
  )
  fill(form, { '/data/gender': 'm' })
  assert.deepEqual(form.problems(), [])
  fill(form, { '/data/gender': 'f' })
  assert.equal(form.problems()[0].node.path, '/data/g/h/age')
})

test('A29 a single blank is no answer to a required question', () => {
  const form = createForm(model([text('q1', { required: 'true()', required_message: 'r' })], { texts: { r: 'Please answer.' } }), host())
  fill(form, { '/data/q1': ' ' })
  assert.deepEqual(form.problems().map(({ kind, message }) => [kind, message]), [['required', 'Please answer.']])
})

test('a constraint does not judge an empty answer', () => {
  const form = createForm(model([int('age', { constraint: '. > 25' })]), host())
  assert.deepEqual(form.problems(), [])
})

test('relevance is inherited through groups and repeats', () => {
  const form = createForm(
    model([text('a'), repeat('r', [group('g', [text('q'), calculate('c', "concat('x', ../q)")])], { relevant: "/data/a != ''" })]),
    host(),
  )
  assert.equal(form.canAdd(form.find('/data/r')), false)
  fill(form, { '/data/a': '1' })
  form.addRow(form.find('/data/r'))
  fill(form, { '/data/r[1]/g/q': 'y' })
  assert.equal(valueAt(form, '/data/r[1]/g/c'), 'xy')
  fill(form, { '/data/a': '' })
  assert.equal(form.find('/data/r[1]/g/q').isRelevant, false)
  assert.deepEqual(form.finish().answers, {})
  assert.equal(form.finish().dropped, 1)
})

test('a circle of relevance comes to rest', () => {
  const form = createForm(model([text('a', { relevant: "/data/b != '1'" }), text('b', { relevant: "/data/a != '1'" })]), host())
  fill(form, { '/data/a': '1' })
  assert.equal(form.find('/data/b').isRelevant, false)
})
