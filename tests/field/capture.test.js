/** What the widgets that capture something work out without a screen: steps, calendars, points and headings. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { capture } from '../../static/field/i18n/capture-en.js'
import { headingOf } from '../../static/field/widgets/bearing.js'
import { kindOf } from '../../static/field/widgets/capture.js'
import { typedPoint } from '../../static/field/widgets/coordinates.js'
import { areaOf, isDue, joinLine, lengthOf, splitLine } from '../../static/field/widgets/line-points.js'
import { planeOf } from '../../static/field/widgets/line-sketch.js'
import { accuraciesOf, joinPoint } from '../../static/field/widgets/position.js'
import { fromGregorian, isKnown, toGregorian } from '../../static/field/widgets/reckoning.js'
import { scaleOf, tickLabels, ticksOf } from '../../static/field/widgets/scale.js'

/** @param {Record<string, string>} parameters */
const values = (parameters) => {
  const scale = scaleOf(parameters)
  return Array.from({ length: scale.steps + 1 }, (_, index) => scale.valueAt(index))
}

test('range: tenths are tenths, and what has no sign has none', () => {
  assert.deepEqual(values({ start: '0', end: '0.5', step: '0.1' }), ['0.0', '0.1', '0.2', '0.3', '0.4', '0.5'])
  assert.deepEqual(values({ start: '-0.2', end: '0.1', step: '0.1' }), ['-0.2', '-0.1', '0.0', '0.1'])
  assert.deepEqual(values({ start: '1.5', end: '3', step: '0.75' }), ['1.50', '2.25', '3.00'])
})

test('range: an end below the start falls, whatever the sign of the step; the last step is a whole one', () => {
  assert.deepEqual(values({ start: '4', end: '-4', step: '-4' }), ['4', '0', '-4'])
  assert.deepEqual(values({ start: '4', end: '-4', step: '4' }), ['4', '0', '-4'])
  assert.deepEqual(values({ start: '1', end: '10', step: '4' }), ['1', '5', '9'])
  assert.equal(scaleOf({ start: '4', end: '-4', step: '2' }).indexOf('-2'), 3)
  assert.equal(scaleOf({}).indexOf(''), undefined)
})

test('range: a mistake in the form does not freeze the phone', () => {
  assert.equal(scaleOf({ start: '0', end: '1e9', step: '0.001' }).steps, 10000)
  assert.equal(scaleOf({ start: 'a', end: 'b', step: '0' }).steps, 0)
})

test('range: ticks at each step, or at the interval of the form; too many are none', () => {
  assert.deepEqual(ticksOf(scaleOf({ start: '0', end: '4', step: '1' })), [0, 1, 2, 3, 4])
  assert.deepEqual(ticksOf(scaleOf({ start: '0', end: '1', step: '0.1' }), '0.5'), [0, 5, 10])
  assert.deepEqual(ticksOf(scaleOf({ start: '0', end: '100', step: '1' })), [])
})

test('range: words at its steps come from the list, in the language of the form', () => {
  const model = { lists: { a: { columns: ['itextId', 'name'], rows: [['k', '0'], ['l', '2']] }, b: { columns: ['name', 'label'], rows: [['0', 'None']] } }, texts: { en: { k: 'Never', l: 'Always' } } }
  const scale = scaleOf({ start: '0', end: '2', step: '1' })
  const labels = (/** @type {string} */ list) => [...tickLabels(/** @type {any} */ ({ model, language: 'en' }), /** @type {any} */ ({ def: { parameters: { 'tick-labels': list } } }), scale)]
  assert.deepEqual(labels('a'), [[0, 'Never'], [2, 'Always']])
  assert.deepEqual(labels('b'), [[0, 'None']])
  assert.deepEqual(labels(''), [[0, '0'], [2, '2']])
})

for (const [calendar, date, parts] of /** @type {[string, string, number[]][]} */ ([
  ['ethiopic', '2023-09-11', [2015, 13, 6]],
  ['ethiopic', '2024-09-11', [2017, 1, 1]],
  ['coptic', '2024-09-11', [1741, 1, 1]],
  ['islamic-civil', '1891-08-07', [1309, 1, 1]],
  ['persian', '2025-03-20', [1403, 12, 30]],
  ['buddhist', '1961-03-07', [2504, 3, 7]],
])) {
  test(`calendars: ${date} is ${parts.join('-')} in ${calendar}, there and back`, () => {
    assert.deepEqual(fromGregorian(calendar, date), parts)
    assert.equal(toGregorian(calendar, parts), date)
  })
}

test('calendars: a day that a calendar does not have is none', () => {
  assert.equal(toGregorian('ethiopic', [2016, 13, 6]), null)
  assert.equal(toGregorian('persian', [1402, 12, 30]), null)
  assert.equal(toGregorian('islamic-civil', [1446, 13, 1]), null)
  assert.equal(toGregorian('persian', [9999, 1, 1]), null)
  assert.equal(fromGregorian('persian', '2023-02-30'), null)
  assert.equal(fromGregorian('persian', 'persian 1403-1-'), null)
})

test('calendars: Intl does not know all', () => {
  assert.ok(isKnown('ethiopic'))
  assert.ok(!isKnown('bikram-sambat'))
})

test('points: four numbers, typed ones with accuracy 0', () => {
  assert.equal(joinPoint({ latitude: 32.05, longitude: 118.79, altitude: null, accuracy: 5.04 }), '32.05 118.79 0 5')
  assert.equal(typedPoint('32,05', ' ١١٨.٧٩ '), '32.05 118.79 0 0')
  assert.equal(typedPoint('-32.05', '−118.79'), '-32.05 -118.79 0 0')
  for (const [north, east] of [['91', '0'], ['0', '181'], ['', '5'], ['x', '5'], ['5', '']]) assert.equal(typedPoint(north, east), '', `${north} ${east}`)
})

test('points: the accuracies of the form, 0 among them', () => {
  assert.deepEqual(accuraciesOf({}), { good: 10, poor: 100 })
  assert.deepEqual(accuraciesOf({ parameters: { accuracyThreshold: '0', unacceptableAccuracyThreshold: '40' } }), { good: 0, poor: 40 })
  assert.deepEqual(accuraciesOf({ parameters: { accuracyThreshold: 'x' } }), { good: 10, poor: 100 })
})

const SQUARE = ['0 0 0 5', '0 0.001 0 5', '0.001 0.001 0 5', '0.001 0 0 5']

test('lines: an area closes itself, and is not closed twice', () => {
  assert.equal(joinLine(SQUARE.slice(0, 2), true), '0 0 0 5;0 0.001 0 5')
  assert.equal(joinLine(SQUARE.slice(0, 3), true), '0 0 0 5;0 0.001 0 5;0.001 0.001 0 5;0 0 0 5')
  assert.deepEqual(splitLine(joinLine(SQUARE, true), true), SQUARE)
  assert.deepEqual(splitLine(joinLine(SQUARE, false), false), SQUARE)
  assert.deepEqual(splitLine('', true), [])
})

test('lines: length and area are those of the form\'s own functions', () => {
  assert.ok(Math.abs(lengthOf(SQUARE.slice(0, 2), false) - 111.32) < 0.01)
  assert.ok(Math.abs(lengthOf(SQUARE, true) - 445.27) < 0.02)
  assert.ok(Math.abs(areaOf(SQUARE) - 12391.96) < 1)
})

test('lines: a walk puts a point after so many metres or seconds', () => {
  assert.ok(isDue({ metres: 5 }, undefined, SQUARE[0], 0))
  assert.ok(!isDue({ metres: 200 }, SQUARE[0], SQUARE[1], 60))
  assert.ok(isDue({ metres: 100 }, SQUARE[0], SQUARE[1], 0))
  assert.ok(!isDue({ seconds: 20 }, SQUARE[0], SQUARE[1], 19))
  assert.ok(isDue({ seconds: 20 }, SQUARE[0], SQUARE[0], 20))
})

test('lines: the sketch is to scale, north up, and a degree of longitude is short in the north', () => {
  assert.deepEqual(planeOf(SQUARE).places, [[12, 188], [188, 188], [188, 12], [12, 12]])
  const { width, height } = planeOf(['60 0', '60 0.002', '60.001 0'])
  assert.ok(Math.abs(width - height) < 1)
  assert.deepEqual(planeOf(['5 5', '5 5']).places, [[12, 12], [12, 12]])
})

test('bearing: clockwise from north, as the screen is held', () => {
  assert.equal(headingOf({ absolute: true, alpha: 90 }, 0), 270)
  assert.equal(headingOf({ absolute: true, alpha: 90 }, 90), 0)
  assert.equal(headingOf({ absolute: true, alpha: 0.04 }, 0), 0)
  assert.equal(headingOf({ absolute: false, alpha: 10 }, 0), null)
  assert.equal(headingOf({ absolute: false, alpha: 10, webkitCompassHeading: 271.26 }, 0), 271.3)
})

for (const [def, kind] of /** @type {[any, string][]} */ ([
  [{ type: 'date', appearance: 'no-calendar' }, 'date'],
  [{ type: 'date', appearance: 'persian month-year' }, 'calendar'],
  [{ type: 'dateTime' }, 'time'],
  [{ type: 'decimal', appearance: 'bearing' }, 'bearing'],
  [{ type: 'int', appearance: 'counter' }, 'counter'],
  [{ type: 'int', appearance: "ex:org.opendatakit.counter(form_id='liberia')" }, 'number'],
  [{ type: 'string', appearance: 'ex:org.app' }, 'text'],
  [{ control: 'upload', mediatype: 'image/*', appearance: 'new annotate' }, 'draw'],
  [{ control: 'upload', mediatype: 'image/*', appearance: 'selfie' }, 'image'],
  [{ control: 'upload', mediatype: 'video/*' }, 'upload'],
  [{ control: 'range', type: 'int', appearance: 'rating' }, 'range'],
])) {
  test(`the widget of ${JSON.stringify(def)} is ${kind}`, () => assert.equal(kindOf(def), kind))
}

test('a line and an area that are too short say what they need', () => {
  assert.match(String(capture['fill.problem.type.geotrace']), /two points/)
  assert.match(String(capture['fill.problem.type.geoshape']), /three points/)
})
