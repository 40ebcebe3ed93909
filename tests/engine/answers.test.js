import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createForm } from '../../static/engine/form.js'
import { calculate, fill, group, host, int, model, repeat, text, valueAt } from './models.js'

const denver = 'America/Denver'

for (const [now, constraint, isAccepted] of /** @type {[string, string, boolean][]} */ ([
  ['2018-06-27T10:00:00Z', '. < today()', false],
  ['2018-06-27T21:50:00Z', '. >= today()', true],
  ['2018-06-27T21:50:00Z', '. <= today()', true],
  ['2018-06-28T05:50:00Z', ". = today() and today() = '2018-06-27'", true],
])) {
  test(`A35 in Denver at ${now} the constraint ${constraint} ${isAccepted ? 'accepts' : 'rejects'} the day itself`, () => {
    const form = createForm(model([text('day', { type: 'date', constraint })]), host({ now, zone: denver }))
    fill(form, { '/data/day': '2018-06-27' })
    assert.equal(form.problems().length, isAccepted ? 0 : 1)
  })
}

test('A35 today() is the local day just after and just before midnight', () => {
  for (const now of ['2018-06-27T06:10:00Z', '2018-06-28T05:50:00Z']) {
    const form = createForm(model([calculate('day', 'today()', { type: 'date' })]), host({ now, zone: denver }))
    assert.equal(valueAt(form, '/data/day'), '2018-06-27')
  }
})

test('A35 days between dates are whole across a change of the clocks', () => {
  const form = createForm(
    model([text('from', { type: 'date' }), calculate('days', 'today() - date( /data/from )'), calculate('due', 'date( /data/from ) + 120', { type: 'date' })]),
    host({ now: '2018-06-27T10:00:00Z', zone: denver }),
  )
  fill(form, { '/data/from': '2018-03-01' })
  assert.deepEqual([valueAt(form, '/data/days'), valueAt(form, '/data/due')], ['118', '2018-06-29'])
})

test('A36 a decimal comma is a point; nonsense is kept and told', () => {
  const form = createForm(model([text('d', { type: 'decimal', required: 'true()' })]), host())
  for (const typed of ['2,5', '2.5', '٢٫٥']) {
    fill(form, { '/data/d': typed })
    assert.equal(valueAt(form, '/data/d'), '2.5', typed)
    assert.deepEqual(form.problems(), [])
  }
  for (const typed of ['12.212,12', '123,.,1', '8-3', '1,000', 'abc']) {
    fill(form, { '/data/d': typed })
    assert.equal(valueAt(form, '/data/d'), typed)
    assert.deepEqual(form.problems().map(({ kind }) => kind), ['type'], typed)
  }
})

test('A37 an integer of 17 digits keeps every digit', () => {
  const form = createForm(model([int('id', { constraint: '. > 0' }), calculate('copy', ' /data/id ', { type: 'int' })]), host())
  fill(form, { '/data/id': '12345678901234567' })
  assert.deepEqual(form.finish().answers, { id: '12345678901234567', copy: '12345678901234567' })
  assert.deepEqual(form.problems(), [])
})

for (const typed of ['١٢', '۱۲', '१२', '１２']) {
  test(`A53 ${typed} typed in a number box is 12`, () => {
    const form = createForm(model([int('age', { constraint: '. = 12' })]), host())
    fill(form, { '/data/age': typed })
    assert.equal(valueAt(form, '/data/age'), '12')
    assert.deepEqual(form.problems(), [])
  })
}

test('types: what fits and what does not', () => {
  for (const [type, good, bad] of /** @type {[string, string[], string[]][]} */ ([
    ['int', ['0', '-3', '+7', '007'], ['1.5', 'x', '1 2', '--1']],
    ['date', ['2024-02-29'], ['2023-02-29', '2024-2-9', '24-02-29', '2024-02-29T00:00:00']],
    ['time', ['09:43:10.000+08:00', '23:59'], ['24:00', '9', '12:60']],
    ['dateTime', ['2006-03-28T09:43:10.000+08:00'], ['2006-03-28', '2006-03-28T25:00:00']],
    ['geopoint', ['32.06 118.79 10 5', '32.06 118.79'], ['95 10', '32.06', 'a b']],
    ['geotrace', ['1 1;2 2'], ['1 1', '1 1;x']],
  ])) {
    const form = createForm(model([text('q', { type })]), host())
    const kinds = (/** @type {string[]} */ values) => values.map((value) => (fill(form, { '/data/q': value }), form.problems().length))
    assert.deepEqual(kinds(good), good.map(() => 0), type)
    assert.deepEqual(kinds(bad), bad.map(() => 1), type)
  }
})

test('a draft is reopened as it was: no defaults, no first-load actions, the same answers', () => {
  const shape = model([text('a', { default: 'x' }), text('when'), group('g', [repeat('r', [text('q', { default: 'y' })])]), calculate('once', 'once(random())')], {
    actions: [{ event: 'odk-instance-first-load', ref: '/data/when', value: "concat('at ', today())" }],
  })
  const form = createForm(shape, host())
  assert.deepEqual([valueAt(form, '/data/a'), valueAt(form, '/data/when')], ['x', 'at 2026-11-24'])
  fill(form, { '/data/a': '', '/data/when': '' })
  form.addRow(form.find('/data/g/r'))
  assert.equal(valueAt(form, '/data/g/r[1]/q'), 'y')
  const draft = form.answers()
  const again = createForm(shape, host({ random: () => 0.9 }), { answers: draft })
  assert.deepEqual(again.answers(), draft)
  assert.equal(valueAt(again, '/data/once'), '0.5')
})

test('metadata and prefill', () => {
  const meta = (/** @type {string} */ name, /** @type {string} */ preload, preload_params = '') => ({ kind: 'question', name, type: 'string', preload, preload_params })
  const shape = model([
    meta('start', 'timestamp', 'start'),
    meta('end', 'timestamp', 'end'),
    meta('today', 'date', 'today'),
    meta('phone', 'property', 'deviceid'),
    text('community'),
    group('meta', [meta('instanceID', 'uid'), calculate('instanceName', "concat('of ', /data/community )")]),
  ])
  const form = createForm(shape, host({ zone: 'Asia/Shanghai' }), { prefill: { community: '320102003001' } })
  const { answers, instanceName } = form.finish()
  assert.deepEqual(answers, {
    start: '2026-11-24T20:00:00.000+08:00',
    end: '2026-11-24T20:00:00.000+08:00',
    today: '2026-11-24',
    phone: 'phone-1',
    community: '320102003001',
    meta: { instanceID: 'uuid:00000000-0000-4000-8000-000000000001', instanceName: 'of 320102003001' },
  })
  assert.equal(instanceName, 'of 320102003001')
  assert.equal(form.answers().end, undefined)
})

test('actions: a change triggers, a new row is set up, in its own row', () => {
  const form = createForm(
    model([text('name'), text('changed'), repeat('r', [int('x'), int('y'), int('n')])], {
      actions: [
        { event: 'xforms-value-changed', source: '/data/name', ref: '/data/changed', value: "concat( /data/name , '!')" },
        { event: 'xforms-value-changed', source: '/data/r/x', ref: '/data/r/y', value: '../x * 2' },
        { event: 'odk-instance-first-load odk-new-repeat', ref: '/data/r/n', value: 'position(..)' },
      ],
    }),
    host(),
  )
  fill(form, { '/data/name': 'Ana' })
  assert.equal(valueAt(form, '/data/changed'), 'Ana!')
  form.addRow(form.find('/data/r'))
  form.addRow(form.find('/data/r'))
  fill(form, { '/data/r[2]/x': '4' })
  assert.deepEqual(form.answers().r, [{ n: '1' }, { x: '4', y: '8', n: '2' }])
})

test('a reopened draft keeps what was put in place of a calculated answer, and an id drawn by chance', () => {
  const shape = model([int('a'), int('guess', { calculate: ' /data/a  * 2' }), calculate('id', "concat( /data/a , '-', uuid(5))"), calculate('sum', ' /data/a  + 1')])
  const form = createForm(shape, host())
  fill(form, { '/data/a': '4', '/data/guess': '9' })
  const again = createForm(shape, host({ random: () => 0.9 }), { answers: form.answers() })
  assert.deepEqual(again.answers(), form.answers())
  fill(again, { '/data/a': '5' })
  assert.deepEqual([valueAt(again, '/data/guess'), valueAt(again, '/data/sum')], ['10', '6'])
})
