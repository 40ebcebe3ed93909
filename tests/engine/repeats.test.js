import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createForm } from '../../static/engine/form.js'
import { calculate, fill, group, host, int, model, repeat, text, valueAt } from './models.js'

/** @param {any} form @param {string} path @param {number} count */
function addRows(form, path, count) {
  for (let row = 0; row < count; row += 1) form.addRow(form.find(path))
}

test('A32 row numbers are renewed when a row goes', () => {
  const form = createForm(model([repeat('m', [text('name'), calculate('n', 'position(..)')])]), host())
  addRows(form, '/data/m', 3)
  assert.deepEqual([1, 2, 3].map((row) => valueAt(form, `/data/m[${row}]/n`)), ['1', '2', '3'])
  const third = form.find('/data/m[3]')
  form.removeRow(form.find('/data/m[2]'))
  assert.deepEqual(form.answers(), { m: [{ n: '1' }, { n: '2' }] })
  assert.equal(form.find('/data/m[2]'), third)
  assert.equal(third.path, '/data/m[2]')
})

test('A33 indexed-repeat gives the row as it now is, and nothing where there is none', () => {
  const form = createForm(model([repeat('member', [text('name')]), calculate('second', 'indexed-repeat( /data/member/name ,  /data/member , 2)')]), host())
  addRows(form, '/data/member', 3)
  fill(form, { '/data/member[1]/name': 'Ana', '/data/member[2]/name': 'Ben', '/data/member[3]/name': 'Eva' })
  assert.equal(valueAt(form, '/data/second'), 'Ben')
  form.removeRow(form.find('/data/member[1]'))
  assert.equal(valueAt(form, '/data/second'), 'Eva')
  form.removeRow(form.find('/data/member[2]'))
  assert.equal(valueAt(form, '/data/second'), '')
})

test('A33 indexed-repeat reads the row above, down a chain of rows', () => {
  const form = createForm(
    model([repeat('r', [int('x'), calculate('sum', 'coalesce(indexed-repeat( /data/r/sum ,  /data/r , position(..) - 1), 0) + ../x')])]),
    host(),
  )
  addRows(form, '/data/r', 4)
  fill(form, { '/data/r[4]/x': '4', '/data/r[3]/x': '3', '/data/r[2]/x': '2', '/data/r[1]/x': '1' })
  assert.deepEqual([1, 2, 3, 4].map((row) => valueAt(form, `/data/r[${row}]/sum`)), ['1', '3', '6', '10'])
})

test('A34 rows beyond a lowered count come back when it rises, and are told as dropped at finish', () => {
  const form = createForm(model([int('size'), repeat('m', [text('name')], { count: ' /data/size ' }), calculate('rows', 'count( /data/m )')]), host())
  fill(form, { '/data/size': '3' })
  fill(form, { '/data/m[1]/name': 'A', '/data/m[2]/name': 'B', '/data/m[3]/name': 'C' })
  fill(form, { '/data/size': '1' })
  assert.equal(valueAt(form, '/data/rows'), '1')
  assert.equal(form.find('/data/m').children.length, 1)
  assert.deepEqual(form.finish().answers.m, [{ name: 'A' }])
  assert.equal(form.finish().dropped, 2)
  const draft = form.answers()
  fill(form, { '/data/size': '3' })
  assert.deepEqual(form.finish().answers.m, [{ name: 'A' }, { name: 'B' }, { name: 'C' }])
  assert.equal(form.finish().dropped, 0)

  const reopened = createForm(form.model, host(), { answers: JSON.parse(JSON.stringify(draft)) })
  assert.equal(reopened.find('/data/m').children.length, 1)
  fill(reopened, { '/data/size': '2' })
  assert.deepEqual(reopened.finish().answers.m, [{ name: 'A' }, { name: 'B' }])
})

test('A40 after the last of three rows is removed the form finishes with two', () => {
  const form = createForm(model([repeat('m', [text('name'), calculate('n', 'position(..)')]), calculate('all', "join(', ', /data/m/name )")]), host())
  addRows(form, '/data/m', 3)
  fill(form, { '/data/m[1]/name': 'A', '/data/m[2]/name': 'B', '/data/m[3]/name': 'C' })
  form.removeRow(form.find('/data/m[3]'))
  assert.deepEqual(form.finish().answers, { m: [{ name: 'A', n: '1' }, { name: 'B', n: '2' }], all: 'A, B' })
})

test('an absolute path through the own row stays in that row', () => {
  const form = createForm(
    model([repeat('m', [int('age'), calculate('twice', ' /data/m/age  * 2'), group('g', [calculate('deep', ' /data/m/age  + 1')])]), calculate('sum', 'sum( /data/m/age )')]),
    host(),
  )
  addRows(form, '/data/m', 2)
  fill(form, { '/data/m[1]/age': '10', '/data/m[2]/age': '20' })
  assert.deepEqual(form.answers(), { m: [{ age: '10', twice: '20', g: { deep: '11' } }, { age: '20', twice: '40', g: { deep: '21' } }], sum: '30' })
})

test('nested repeats: counts, sums and relevance per outer row', () => {
  const form = createForm(
    model([
      repeat('hh', [
        int('n'),
        repeat('person', [int('income', { relevant: "../../poor = 'no'" })], { count: ' ../n ' }),
        text('poor'),
        calculate('total', 'sum(../person/income)'),
        calculate('people', 'count(../person)'),
      ]),
      calculate('grand', 'sum( /data/hh/total )'),
    ]),
    host(),
  )
  addRows(form, '/data/hh', 2)
  fill(form, { '/data/hh[1]/poor': 'no', '/data/hh[2]/poor': 'no', '/data/hh[1]/n': '2', '/data/hh[2]/n': '1' })
  fill(form, { '/data/hh[1]/person[1]/income': '5', '/data/hh[1]/person[2]/income': '7', '/data/hh[2]/person[1]/income': '11' })
  assert.equal(valueAt(form, '/data/grand'), '23')
  fill(form, { '/data/hh[1]/poor': 'yes' })
  assert.deepEqual([valueAt(form, '/data/hh[1]/total'), valueAt(form, '/data/hh[1]/people'), valueAt(form, '/data/grand')], ['0', '2', '11'])
})

test('a change in one row recomputes only that row', () => {
  const form = createForm(model([repeat('m', [int('a'), calculate('b', '../a + 1')])]), host())
  addRows(form, '/data/m', 20)
  /** @type {string[]} */
  let paths = []
  form.onChange((nodes) => (paths = [...nodes].map((node) => node.path)))
  fill(form, { '/data/m[7]/a': '1' })
  assert.deepEqual(paths, ['/data/m[7]/a', '/data/m[7]/b'])
})

test('rows keep their id when one above goes; a repeat with a count lets nobody add or remove', () => {
  const form = createForm(model([repeat('m', [text('name')]), repeat('k', [text('name')], { count: '2' })]), host())
  addRows(form, '/data/m', 3)
  const { id } = form.find('/data/m[3]/name')
  form.removeRow(form.find('/data/m[1]'))
  assert.equal(form.find('/data/m[2]/name').id, id)
  assert.equal(form.canAdd(form.find('/data/k')), false)
  assert.equal(form.canRemove(form.find('/data/k[1]')), false)
  assert.throws(() => form.addRow(form.find('/data/k')))
})

test('a row for each name selected, with its label', () => {
  const yn = { columns: ['name', 'label'], rows: [['maize', 'Maize'], ['rice', 'Rice'], ['tea', 'Tea']] }
  const form = createForm(
    model(
      [
        text('crops', { control: 'select', itemset: { nodeset: "instance('c')/root/item", value: 'name', label: 'label' } }),
        repeat('crop', [calculate('code', 'selected-at( /data/crops , position(..) - 1)'), calculate('name', "jr:choice-name( /data/crop/code , ' /data/crops ')"), int('area')], {
          count: 'count-selected( /data/crops )',
        }),
        calculate('names', "join(', ', /data/crop/name )"),
      ],
      { lists: { c: yn } },
    ),
    host(),
  )
  fill(form, { '/data/crops': 'maize tea' })
  assert.equal(valueAt(form, '/data/names'), 'Maize, Tea')
  fill(form, { '/data/crop[2]/area': '4', '/data/crops': 'maize rice tea' })
  assert.equal(valueAt(form, '/data/names'), 'Maize, Rice, Tea')
  fill(form, { '/data/crops': '' })
  assert.deepEqual(form.finish(), { answers: {}, instanceName: '', dropped: 1 })
})

test('position() of outer and inner rows', () => {
  const form = createForm(model([repeat('a', [repeat('b', [calculate('n', "concat(position(../..), '.', position(..))")])])]), host())
  addRows(form, '/data/a', 2)
  addRows(form, '/data/a[2]/b', 2)
  assert.equal(valueAt(form, '/data/a[2]/b[2]/n'), '2.2')
  form.removeRow(form.find('/data/a[1]'))
  assert.equal(valueAt(form, '/data/a[1]/b[2]/n'), '1.2')
})

test('a slip of the pen in the number of rows does not fill the phone', () => {
  const form = createForm(model([int('n'), repeat('m', [text('q')], { count: ' /data/n ' })]), host())
  fill(form, { '/data/n': '999999999' })
  assert.equal(form.find('/data/m').children.length, 1000)
  for (const n of ['', '-1', 'x', '0.9']) {
    fill(form, { '/data/n': n })
    assert.equal(form.find('/data/m').children.length, 0, n)
  }
})

test('A34 rows that are set aside are not computed when the draft is reopened', () => {
  const form = createForm(model([repeat('m', [calculate('n', 'position(..)')], { count: ' /data/size ' }), int('size')]), host())
  fill(form, { '/data/size': '3' })
  fill(form, { '/data/size': '1' })
  assert.deepEqual(createForm(form.model, host(), { answers: form.answers() }).answers(), form.answers())
  assert.deepEqual(form.answers().m, [{ n: '1' }, { n: '2' }, { n: '3' }])
})
