import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createForm } from '../../static/engine/form.js'
import { checkModel } from '../../static/engine/expressions.js'
import { calculate, fill, group, host, int, list, model, repeat, select1, text, valueAt } from './models.js'

/** @param {any} form @param {string} path @param {number} count */
function addRows(form, path, count) {
  for (let row = 0; row < count; row += 1) form.addRow(form.find(path))
}

/** @param {any} form @param {string} path */
function names(form, path) {
  return form.choices(form.find(path)).map((/** @type {{value: string}} */ { value }) => value)
}

test('A27 hidden answers count as empty in sums, counts, joins and lists, two groups deep', () => {
  const form = createForm(
    model([
      text('ask'),
      repeat('r', [text('use'), group('g', [int('n', { relevant: "../../use = 'yes'" })], { relevant: "/data/ask = 'yes'" })]),
      calculate('sum', 'sum( /data/r/g/n )'),
      calculate('count', "count( /data/r/g/n[. != ''] )"),
      calculate('join', "join('+', /data/r/g/n )"),
      calculate('non_empty', 'count-non-empty( /data/r/g/n )'),
      calculate('max', 'max( /data/r/g/n )'),
    ]),
    host(),
  )
  fill(form, { '/data/ask': 'yes' })
  addRows(form, '/data/r', 2)
  fill(form, { '/data/r[1]/use': 'yes', '/data/r[2]/use': 'yes', '/data/r[1]/g/n': '4', '/data/r[2]/g/n': '6' })
  const all = () => ['sum', 'count', 'join', 'non_empty', 'max'].map((name) => valueAt(form, `/data/${name}`))
  assert.deepEqual(all(), ['10', '2', '4+6', '2', '6'])
  fill(form, { '/data/r[1]/use': 'no' })
  assert.deepEqual(all(), ['6', '1', '6', '1', '6'])
  fill(form, { '/data/ask': '' })
  assert.deepEqual(all(), ['0', '0', '', '0', ''])
  assert.equal(form.finish().dropped, 2)
  fill(form, { '/data/ask': 'yes', '/data/r[1]/use': 'yes' })
  assert.deepEqual(all(), ['10', '2', '4+6', '2', '6'])
})

test('relevance in a row looks at its own position, its own answers, and the rows beside it', () => {
  const form = createForm(
    model([
      repeat('r', [
        text('name'),
        text('only_first', { relevant: 'position(..) = 1' }),
        text('after_ana', { relevant: "indexed-repeat( /data/r/name ,  /data/r , position(..) - 1) = 'Ana'" }),
        text('not_last', { relevant: 'position(..) < count(../../r)' }),
        group('g', [text('deep')], { relevant: "../name = 'Ben'" }),
      ]),
    ]),
    host(),
  )
  addRows(form, '/data/r', 3)
  fill(form, { '/data/r[1]/name': 'Ana', '/data/r[2]/name': 'Ben', '/data/r[3]/name': 'Eva' })
  const shown = (/** @type {string} */ name) => [1, 2, 3].filter((row) => form.find(`/data/r[${row}]/${name}`)?.isRelevant)
  assert.deepEqual([shown('only_first'), shown('after_ana'), shown('not_last'), shown('g/deep')], [[1], [2], [1, 2], [2]])
  form.moveRow(form.find('/data/r[1]'), 1)
  assert.deepEqual([shown('only_first'), shown('after_ana'), shown('not_last'), shown('g/deep')], [[1], [3], [1, 2], [1]])
  form.removeRow(form.find('/data/r[3]'))
  assert.deepEqual([shown('only_first'), shown('after_ana'), shown('not_last')], [[1], [], [1]])
})

test('A34 nested repeats with counts: rows of rows come and go, and come back filled', () => {
  const form = createForm(
    model([int('n'), repeat('hh', [int('size'), repeat('p', [text('name'), calculate('id', "concat(position(../..), '-', position(..))")], { count: ' ../size ' })], { count: ' /data/n ' }), calculate('people', 'count( /data/hh/p )')]),
    host(),
  )
  fill(form, { '/data/n': '2' })
  fill(form, { '/data/hh[1]/size': '2', '/data/hh[2]/size': '1' })
  fill(form, { '/data/hh[1]/p[2]/name': 'B', '/data/hh[2]/p[1]/name': 'C' })
  assert.deepEqual([valueAt(form, '/data/people'), valueAt(form, '/data/hh[2]/p[1]/id')], ['3', '2-1'])
  fill(form, { '/data/n': '1' })
  assert.equal(valueAt(form, '/data/people'), '2')
  fill(form, { '/data/hh[1]/size': '1' })
  assert.equal(form.finish().dropped, 3)
  fill(form, { '/data/n': '2', '/data/hh[1]/size': '2' })
  assert.deepEqual([valueAt(form, '/data/people'), valueAt(form, '/data/hh[1]/p[2]/name'), valueAt(form, '/data/hh[2]/p[1]/name')], ['3', 'B', 'C'])
})

test('a count inside a group that is not relevant gives rows that nothing counts', () => {
  const form = createForm(model([text('a'), int('n'), group('g', [repeat('r', [text('q')], { count: ' /data/n ' })], { relevant: "/data/a = '1'" }), calculate('c', 'count( /data/g/r )')]), host())
  fill(form, { '/data/n': '2' })
  assert.equal(valueAt(form, '/data/c'), '0')
  fill(form, { '/data/a': '1' })
  assert.equal(valueAt(form, '/data/c'), '2')
  assert.deepEqual(form.find('/data/g/r[2]/q')?.isRelevant, true)
})

test('a trigger with several sources fires for each of them, in its own row, once for a change', () => {
  const form = createForm(
    model([text('a'), text('b'), int('times', { default: '0' }), repeat('r', [int('x'), int('y'), text('last')])], {
      actions: [
        ...['a', 'b'].map((source) => ({ event: 'xforms-value-changed', source: `/data/${source}`, ref: '/data/times', value: ' /data/times  + 1' })),
        ...['x', 'y'].map((source) => ({ event: 'xforms-value-changed', source: `/data/r/${source}`, ref: '/data/r/last', value: `concat('${source}', ../x + ../y)` })),
      ],
    }),
    host(),
  )
  fill(form, { '/data/a': '1', '/data/b': '1' })
  fill(form, { '/data/b': '1' })
  assert.equal(valueAt(form, '/data/times'), '2')
  addRows(form, '/data/r', 2)
  fill(form, { '/data/r[2]/x': '1', '/data/r[2]/y': '2' })
  assert.deepEqual([valueAt(form, '/data/r[1]/last'), valueAt(form, '/data/r[2]/last')], ['', 'y3'])
})

test('a trigger on a calculation fires when it changes; what it sets triggers on', () => {
  const form = createForm(
    model([int('a'), calculate('double', ' /data/a  * 2'), text('log'), text('echo')], {
      actions: [
        { event: 'xforms-value-changed', source: '/data/double', ref: '/data/log', value: "concat('now ', /data/double )" },
        { event: 'xforms-value-changed', source: '/data/log', ref: '/data/echo', value: ' /data/log ' },
      ],
    }),
    host(),
  )
  fill(form, { '/data/a': '4' })
  assert.equal(valueAt(form, '/data/echo'), 'now 8')
})

test('circles of triggers come to an end', () => {
  const form = createForm(
    model([int('a'), int('b')], {
      actions: [
        { event: 'xforms-value-changed', source: '/data/a', ref: '/data/b', value: ' /data/a  + 1' },
        { event: 'xforms-value-changed', source: '/data/b', ref: '/data/a', value: ' /data/b  + 1' },
      ],
    }),
    host(),
  )
  fill(form, { '/data/a': '1' })
  assert.ok(Number(valueAt(form, '/data/a')) > 1)
})

test('dynamic defaults that depend on each other are set in the order of the form', () => {
  const first = (/** @type {string} */ ref, /** @type {string} */ value) => ({ event: 'odk-instance-first-load', ref, value })
  const form = createForm(
    model([int('a'), int('b'), calculate('c', ' /data/b  * 10'), int('d'), repeat('r', [int('e')])], {
      actions: [first('/data/a', '2 + 3'), first('/data/b', ' /data/a  + 1'), first('/data/d', ' /data/c  + 1'), { event: 'odk-new-repeat', ref: '/data/r/e', value: ' /data/d  + position(..)' }],
    }),
    host(),
  )
  assert.deepEqual(form.answers(), { a: '5', b: '6', c: '60', d: '61' })
  addRows(form, '/data/r', 2)
  assert.deepEqual(form.answers().r, [{ e: '62' }, { e: '63' }])
  fill(form, { '/data/a': '1' })
  assert.equal(valueAt(form, '/data/b'), '6')
})

test('rows that a count makes get their defaults and their actions too', () => {
  const form = createForm(
    model([int('n'), repeat('r', [text('q', { default: 'x' }), int('k')], { count: ' /data/n ' })], { actions: [{ event: 'odk-instance-first-load odk-new-repeat', ref: '/data/r/k', value: 'position(..) * 2' }] }),
    host(),
  )
  fill(form, { '/data/n': '2' })
  assert.deepEqual(form.answers().r, [{ q: 'x', k: '2' }, { q: 'x', k: '4' }])
})

test('choices from rows follow their names and leave out those that a filter leaves out', () => {
  const form = createForm(
    model([
      repeat('m', [text('name'), int('age'), select1('partner', '', { itemset: { nodeset: "/data/m[name != current()/../name and name != '']", value: 'name', label: 'name' } })]),
      select1('head', '', { control: 'select', itemset: { nodeset: '/data/m[age >= /data/from ]', value: 'name', label: 'name' } }),
      int('from', { default: '18' }),
    ]),
    host(),
  )
  addRows(form, '/data/m', 3)
  fill(form, { '/data/m[1]/name': 'Ana', '/data/m[2]/name': 'Ben', '/data/m[1]/age': '40', '/data/m[2]/age': '4', '/data/m[3]/age': '50' })
  assert.deepEqual([names(form, '/data/m[1]/partner'), names(form, '/data/m[2]/partner')], [['Ben'], ['Ana']])
  fill(form, { '/data/m[3]/name': 'Eva', '/data/head': 'Ana Eva', '/data/m[2]/partner': 'Eva' })
  /** @type {Set<any>} */
  let told = new Set()
  form.onChange((nodes) => (told = nodes))
  fill(form, { '/data/m[1]/name': 'Anna' })
  assert.deepEqual([names(form, '/data/head'), valueAt(form, '/data/head')], [['Anna', 'Eva'], 'Eva'])
  assert.ok(told.has(form.find('/data/m[2]/partner')))
  form.removeRow(form.find('/data/m[3]'))
  assert.deepEqual([valueAt(form, '/data/head'), valueAt(form, '/data/m[2]/partner')], ['', ''])
  fill(form, { '/data/from': '3' })
  assert.deepEqual(names(form, '/data/head'), ['Anna', 'Ben'])
})

test('A30 a row that is filtered out is gone from the answers of every row below', () => {
  const lists = { c: list(['n', 's']), d: list(['n1', 's1'], { c: ['n', 's'] }) }
  const form = createForm(model([select1('c', "instance('c')/root/item"), repeat('r', [select1('d', "instance('d')/root/item[c = /data/c ]")])], { lists }), host())
  addRows(form, '/data/r', 2)
  fill(form, { '/data/c': 'n', '/data/r[1]/d': 'n1', '/data/r[2]/d': 'n1' })
  fill(form, { '/data/c': 's' })
  assert.deepEqual(form.answers().r, [{}, {}])
})

test('A30 the draft is reopened, then a change high in the cascade empties what is below', () => {
  const lists = { c: list(['n', 's']), d: list(['n1', 's1'], { c: ['n', 's'] }) }
  const shape = model([select1('c', "instance('c')/root/item"), select1('d', "instance('d')/root/item[c = /data/c ]")], { lists })
  const form = createForm(shape, host(), { answers: { c: 'n', d: 'n1' } })
  fill(form, { '/data/c': 's' })
  assert.deepEqual(form.answers(), { c: 's' })
})

test('a filter that asks what was selected, defaults of several, and names in the order of the list', () => {
  const lists = { l: list(['a', 'b', 'c']) }
  const form = createForm(
    model([select1('all', "instance('l')/root/item", { control: 'select', default: 'a c' }), select1('best', "instance('l')/root/item[selected(current()/../all, name)]")], { lists }),
    host(),
  )
  assert.deepEqual(names(form, '/data/best'), ['a', 'c'])
  assert.equal(form.display(form.find('/data/all')), 'A, C')
  fill(form, { '/data/best': 'c', '/data/all': 'c b' })
  assert.deepEqual([names(form, '/data/best'), valueAt(form, '/data/best')], [['b', 'c'], 'c'])
})

test('an order by chance stays while the form is open; one with a seed is the same in every engine', () => {
  const lists = { l: list(['a', 'b', 'c', 'd', 'e', 'f']) }
  let state = 0
  const random = () => (state = (state + 0.37) % 1)
  const form = createForm(model([text('x', { label: 'x' }), select1('q', "randomize(instance('l')/root/item)"), select1('s', "randomize(instance('l')/root/item, 42)"), text('seed'), select1('t', "randomize(instance('l')/root/item, /data/seed )")], { lists }), host({ random }))
  const first = names(form, '/data/q')
  fill(form, { '/data/x': '1', '/data/q': 'b' })
  assert.deepEqual(names(form, '/data/q'), first)
  // The orders are JavaRosa's for these seeds (XPathNodeset.shuffle; getodk/javarosa#801 for texts).
  assert.deepEqual(names(form, '/data/s'), ['a', 'f', 'c', 'b', 'd', 'e'])
  const orders = ['', 'Ana', 'Ben', '42'].map((seed) => (fill(form, { '/data/seed': seed }), names(form, '/data/t').join('')))
  assert.equal(orders[3], 'afcbde')
  assert.equal(new Set(orders).size, 4)
})

test('a filter by two columns goes through the index, and gives what a walk over all gives', () => {
  const rows = Array.from({ length: 400 }, (_, row) => [`v${row}`, `V${row}`, `p${row % 4}`, `d${row % 10}`])
  const form = createForm(model([text('p'), text('d'), select1('v', "instance('v')/root/item[p = /data/p and d = /data/d ]")], { lists: { v: { columns: ['name', 'label', 'p', 'd'], rows } } }), host())
  fill(form, { '/data/p': 'p1', '/data/d': 'd3' })
  assert.deepEqual(names(form, '/data/v'), rows.filter(([, , p, d]) => p === 'p1' && d === 'd3').map(([name]) => name))
})

test('read-only with a calculation: the calculation wins, and a draft does not keep what was typed', () => {
  const shape = model([int('a'), int('twice', { calculate: ' /data/a  * 2', readonly: 'true()' })])
  const form = createForm(shape, host())
  fill(form, { '/data/a': '4' })
  assert.deepEqual([valueAt(form, '/data/twice'), form.find('/data/twice')?.isReadonly], ['8', true])
  assert.equal(createForm(shape, host(), { answers: { a: '4', twice: '9' } }).find('/data/twice')?.value, '8')
})

test('a calculation whose result is no answer to its question leaves what was typed', () => {
  const form = createForm(model([text('birth', { type: 'date', calculate: 'decimal-date-time(.) < decimal-date-time(today())' })]), host())
  fill(form, { '/data/birth': '2001-02-03' })
  assert.equal(valueAt(form, '/data/birth'), '2001-02-03')
})

test('A28 a group that is required nowhere, read-only questions and calculated ones ask for nothing', () => {
  const form = createForm(model([text('a', { required: 'true()', readonly: 'true()' }), calculate('b', "''", { required: 'true()' })]), host())
  assert.deepEqual(form.problems(), [])
})

test('A41 checkModel names each circle once, with all its members, also those that share some', () => {
  const faults = checkModel(
    model([
      calculate('a', ' /data/b  +  /data/c '),
      calculate('b', ' /data/a '),
      calculate('c', ' /data/d '),
      calculate('d', ' /data/a '),
      text('x', { relevant: "/data/y = '1'" }),
      calculate('y', ' /data/x '),
      calculate('free', ' /data/a '),
    ]),
  )
  assert.deepEqual(
    faults.map(({ paths }) => [...(paths ?? [])].sort()),
    [['/data/a', '/data/b'], ['/data/a', '/data/c', '/data/d'], ['/data/x', '/data/y']],
  )
  for (const { message, paths = [] } of faults) for (const path of paths) assert.match(message, new RegExp(`\\b${path.split('/')[2]}\\b`))
})

test('A55 a label that is missing in a language is shown in the default one, messages and choices too', () => {
  const languages = [{ name: 'English (en)', code: 'en' }, { name: 'Deutsch (de)', code: 'de' }]
  const form = createForm(
    model(
      [
        text('a', { label: 'a', required: 'true()', required_message: 'r', constraint: ". != 'x'", constraint_message: 'c' }),
        select1('s', "instance('l')/root/item", { itemset: { nodeset: "instance('l')/root/item", value: 'name', label: 'itextId', is_itext: true } }),
      ],
      {
        form: { languages, default_language: 'English (en)' },
        texts: { 'English (en)': { a: 'Name', r: 'Please answer.', c: ['Not ', { value: ' /data/a ' }], l0: ['Like ', { value: ' /data/a ' }] }, 'Deutsch (de)': { r: 'Bitte antworten.' } },
        lists: { l: { columns: ['itextId', 'name'], rows: [['l0', 'y']] } },
      },
    ),
    host(),
    { language: 'Deutsch (de)' },
  )
  const a = form.find('/data/a')
  assert.deepEqual([form.text(a, 'label'), form.problem(a)?.message], ['Name', 'Bitte antworten.'])
  fill(form, { '/data/a': 'x' })
  assert.deepEqual([form.problem(a)?.message, form.choices(form.find('/data/s'))[0].label], ['Not x', 'Like x'])
})

test('a hint and a guidance hint hold values, and are told of when these change', () => {
  const form = createForm(model([text('a'), text('b', { hint: 'h' })], { texts: { h: { text: ['For ', { value: ' /data/a ' }], guidance: ['Ask ', { value: ' /data/a ' }, ' again'] } } }), host())
  /** @type {Set<any>} */
  let told = new Set()
  form.onChange((nodes) => (told = nodes))
  fill(form, { '/data/a': 'Ana' })
  const b = form.find('/data/b')
  assert.deepEqual([form.text(b, 'hint'), form.text(b, 'guidance'), told.has(b)], ['For Ana', 'Ask Ana again', true])
})

test('months and days are written in the language of the form', () => {
  const languages = [{ name: '中文 (zh)', code: 'zh' }, { name: 'English (en)', code: 'en' }, { name: 'Français (fr)', code: 'fr' }]
  const shape = model([calculate('d', "format-date('2006-03-28', '%a %e %b %Y')")], { form: { languages, default_language: '中文 (zh)' }, texts: {} })
  const inLanguage = (/** @type {string} */ language) => valueAt(createForm(shape, host(), { language }), '/data/d')
  assert.deepEqual(languages.map(({ name }) => inLanguage(name)), ['周二 28 3月 2006', 'Tue 28 Mar 2006', 'Tue 28 Mar 2006'])
})

test('an absolute path in a nested repeat stays in both of its rows; a sum from outside takes all', () => {
  const form = createForm(
    model([
      repeat('a', [int('k', { default: '10' }), repeat('b', [int('n'), calculate('both', ' /data/a/k  +  /data/a/b/n ')]), calculate('own', 'sum( /data/a/b/n )')]),
      calculate('all', 'sum( /data/a/b/n )'),
    ]),
    host(),
  )
  addRows(form, '/data/a', 2)
  addRows(form, '/data/a[1]/b', 2)
  addRows(form, '/data/a[2]/b', 1)
  fill(form, { '/data/a[1]/b[1]/n': '1', '/data/a[1]/b[2]/n': '2', '/data/a[2]/b[1]/n': '4', '/data/a[2]/k': '20' })
  assert.deepEqual(['/data/a[1]/b[2]/both', '/data/a[2]/b[1]/both', '/data/a[1]/own', '/data/a[2]/own', '/data/all'].map((path) => valueAt(form, path)), ['12', '24', '3', '4', '7'])
})

test('indexed-repeat goes three repeats deep, and reads what it was given for each', () => {
  const form = createForm(
    model([int('i', { default: '2' }), repeat('a', [repeat('b', [repeat('c', [text('q')])])]), calculate('got', 'indexed-repeat( /data/a/b/c/q ,  /data/a ,  /data/i ,  /data/a/b , 1,  /data/a/b/c , 2)')]),
    host(),
  )
  addRows(form, '/data/a', 2)
  for (const a of [1, 2]) {
    addRows(form, `/data/a[${a}]/b`, 1)
    addRows(form, `/data/a[${a}]/b[1]/c`, 2)
    fill(form, { [`/data/a[${a}]/b[1]/c[2]/q`]: `q${a}` })
  }
  assert.equal(valueAt(form, '/data/got'), 'q2')
  fill(form, { '/data/i': '1' })
  assert.equal(valueAt(form, '/data/got'), 'q1')
  fill(form, { '/data/i': '3' })
  assert.equal(valueAt(form, '/data/got'), '')
})

test('a label of the repeat itself speaks of all its rows', () => {
  const form = createForm(model([repeat('m', [int('n')], { label: 'l' })], { texts: { l: [{ value: ' count( /data/m ) ' }, ' rows, ', { value: 'sum( /data/m/n )' }] } }), host())
  addRows(form, '/data/m', 2)
  fill(form, { '/data/m[1]/n': '4', '/data/m[2]/n': '6' })
  assert.equal(form.text(form.find('/data/m'), 'label'), '2 rows, 10')
})

test('a long repeat: one change recomputes its own row and the sums, not the others', () => {
  const form = createForm(model([repeat('m', [int('a'), calculate('b', '../a + 1'), calculate('c', ' /data/m/b  * 2')]), calculate('sum', 'sum( /data/m/c[. != ""] )'), calculate('n', 'count( /data/m )')]), host())
  addRows(form, '/data/m', 60)
  /** @type {string[]} */
  let told = []
  form.onChange((nodes) => (told = [...nodes].map(({ path }) => path)))
  fill(form, { '/data/m[30]/a': '4' })
  assert.deepEqual(told, ['/data/m[30]/a', '/data/m[30]/b', '/data/m[30]/c', '/data/sum'])
  form.addRow(form.find('/data/m'))
  assert.deepEqual(told.filter((path) => path.startsWith('/data/m[') && !path.startsWith('/data/m[61]')), [])
})
