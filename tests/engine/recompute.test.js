import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createForm } from '../../static/engine/form.js'
import { checkExpression, checkModel } from '../../static/engine/expressions.js'
import { calculate, fill, group, host, int, list, model, repeat, select1, text, valueAt } from './models.js'

test('A41 calculations do not depend on the order of rows', () => {
  const form = createForm(model([calculate('c1', ' /data/c2  + 1'), calculate('c2', ' /data/a  * 2'), int('a', { default: '5' })]), host())
  assert.deepEqual([valueAt(form, '/data/c2'), valueAt(form, '/data/c1')], ['10', '11'])
  fill(form, { '/data/a': '1' })
  assert.deepEqual([valueAt(form, '/data/c2'), valueAt(form, '/data/c1')], ['2', '3'])
})

test('A41 a circle is reported and names both', () => {
  const faults = checkModel(model([calculate('x', ' /data/y '), calculate('y', ' /data/x '), calculate('z', ' /data/y ')]))
  assert.equal(faults.length, 1)
  assert.equal(faults[0].code, 'circle')
  assert.match(faults[0].message, /\bx\b.*\by\b/)
  assert.ok(['/data/x', '/data/y'].includes(faults[0].path))
})

test('A41 what is calculated from itself is a circle; what keeps its value or reads other rows is none', () => {
  assert.equal(checkModel(model([calculate('x', ' /data/x  + 1')]))[0].code, 'circle')
  assert.deepEqual(
    checkModel(
      model([
        calculate('once', 'once(random())'),
        calculate('keep', "if(. = '', today(), .)"),
        repeat('r', [int('n'), calculate('sum', 'coalesce(indexed-repeat( /data/r/sum ,  /data/r , position(..) - 1), 0) + ../n')]),
      ]),
    ),
    [],
  )
})

test('two choice filters that leave out each other are no circle', () => {
  const lists = { n: list(['a', 'b']) }
  const shape = model([select1('p', "instance('n')/root/item[name != /data/q ]"), select1('q', "instance('n')/root/item[name != /data/p ]")], { lists })
  assert.deepEqual(checkModel(shape), [])
  const form = createForm(shape, host())
  fill(form, { '/data/p': 'a', '/data/q': 'b' })
  assert.deepEqual(form.answers(), { p: 'a', q: 'b' })
})

test('a circle that nobody refused still comes to an end', () => {
  const form = createForm(model([int('s'), calculate('x', ' /data/y  + /data/s '), calculate('y', ' /data/x  + 1')]), host())
  fill(form, { '/data/s': '1' })
})

/** @param {number} length */
function chain(length) {
  return model([int('q0'), ...Array.from({ length }, (_, index) => calculate(`q${index + 1}`, ` /data/q${index}  + 1`)).reverse()])
}

test('a chain of 1,000 calculations, written backwards, does not overflow and is right', () => {
  const form = createForm(chain(1000), host())
  fill(form, { '/data/q0': '5' })
  assert.equal(valueAt(form, '/data/q1000'), '1005')
})

test('a change computes each link of a chain once', () => {
  let asked = 0
  const counted = createForm(
    model([int('q0'), ...Array.from({ length: 100 }, (_, index) => calculate(`q${index + 1}`, ` /data/q${index}  + 1 + 0 * decimal-time('00:00Z')`)).reverse()]),
    { ...host(), now: () => ((asked += 1), 0) },
  )
  asked = 0
  fill(counted, { '/data/q0': '5' })
  assert.equal(valueAt(counted, '/data/q100'), '105')
  assert.equal(asked, 100)
})

test('only what depends on a change is told of', () => {
  const form = createForm(
    model([int('a'), int('b', { required: "/data/a = '1'" }), calculate('c', ' /data/a  + 1'), calculate('d', ' /data/b  + 1'), text('e', { label: 'e' })], {
      texts: { e: ['Is it ', { value: ' /data/a ' }, '?'] },
    }),
    host(),
  )
  /** @type {string[]} */
  let names = []
  const stop = form.onChange((nodes) => (names = [...nodes].map((node) => node.name).sort()))
  assert.equal(form.find('/data/b').isRequired, false)
  fill(form, { '/data/a': '1' })
  assert.deepEqual(names, ['a', 'b', 'c', 'e'])
  assert.equal(form.find('/data/b').isRequired, true)
  assert.equal(form.text(form.find('/data/e'), 'label'), 'Is it 1?')
  stop()
  fill(form, { '/data/a': '2' })
  assert.deepEqual(names, ['a', 'b', 'c', 'e'])
})

test('A43 a faulty expression is told with its place', () => {
  const shape = model([text('a'), repeat('r', [text('b')])], { lists: { l: list(['x']) } })
  const code = (/** @type {string} */ expression, path = '/data/a') => checkExpression(shape, expression, path)?.code ?? null
  assert.deepEqual(checkExpression(shape, '1 + ${FOO}', '/data/a'), { code: 'unknown_reference', message: '${FOO} names no question of this form.', at: 4 })
  assert.equal(code(' /data/foo  + 1'), 'unknown_path')
  assert.equal(code(' /data/r/b  + 1'), null)
  assert.equal(code(' ../a ', '/data/r/b'), 'unknown_path')
  assert.equal(code(' ../../a ', '/data/r/b'), null)
  assert.equal(code('count( /data/r[b = 1] )'), null)
  assert.equal(code('count( /data/r[c = 1] )'), 'unknown_path')
  assert.equal(code("instance('l')/root/item[name = /data/a ]/label"), null)
  assert.equal(code("instance('m')/root/item"), 'unknown_list')
  assert.equal(code('unknownFunction(1)'), 'unknown_function')
  assert.equal(code('if(1, 2)'), 'argument_count')
  for (const broken of ['', '1 +', '(1', "'a", 'a b', '1 2', ')', '# 1', 'selected(a, b']) assert.equal(code(broken), 'syntax', broken)
  assert.equal(code('('.repeat(5000)), 'too_deep')
})

test('A43 checkModel goes through every place that holds an expression', () => {
  const shape = model(
    [
      group('g', [text('a', { relevant: ' /data/x ', constraint: '. >', required: 'tru()', readonly: '1 +', label: 'l', itemset: { nodeset: "instance('no')/root/item", value: 'name' } })], { relevant: ')' }),
      repeat('r', [calculate('c', 'sum()')], { count: ' /data/n ' }),
    ],
    { texts: { l: ['x ', { value: ' /data/nn ' }] }, actions: [{ event: 'odk-instance-first-load', ref: '/data/g/a', value: 'nope()' }] },
  )
  assert.deepEqual(
    checkModel(shape).map(({ path, key }) => `${path} ${key}`).sort(),
    ['/data/g relevant', '/data/g/a action', '/data/g/a constraint', '/data/g/a itemset', '/data/g/a label', '/data/g/a readonly', '/data/g/a relevant', '/data/g/a required', '/data/r count', '/data/r/c calculate'],
  )
})

test('an expression with a fault does not stop the interview', () => {
  const form = createForm(model([text('a', { relevant: 'nope()', constraint: '((', required: 'nope(' }), calculate('b', 'nope( /data/a )')]), host())
  fill(form, { '/data/a': 'x' })
  assert.deepEqual(form.finish().answers, { a: 'x' })
})
