/**
 * Functions of places (ODK XForms "Geographic Functions"). The Earth is a sphere there, of the equator's radius.
 */
import { define } from './define.js'
import { toText } from '../values.js'
import { ExpressionError } from '../lexer.js'

/** @typedef {{latitude: number, longitude: number}} Point in radians */
/** @typedef {import('../values.js').Value} Value */

const EARTH_RADIUS_METRES = 6378100

/** @type {Record<string, import('./define.js').FunctionDefinition>} */
export const GEO_FUNCTIONS = {
  distance: define(1, Infinity, (args) => {
    const points = pointsOf(args)
    if (points === null || points.length === 0) return NaN
    return inCentimetres(points.slice(1).reduce((total, point, index) => total + arc(points[index], point), 0) * EARTH_RADIUS_METRES)
  }),
  area: define(1, Infinity, areaOf),
  // JavaRosa's other name of the same.
  'enclosed-area': define(1, Infinity, areaOf),
  intersects: define(1, 1, (args) => crossesItself(pointsOf(args) ?? [])),
  geofence: define(2, 2, ([place, shape]) => {
    const [point] = pointsOf([place]) ?? []
    const corners = pointsOf([shape]) ?? []
    if (corners.length === 0) throw new ExpressionError('not_a_shape', 'geofence() takes a point and a shape.', 0)
    if (point === undefined) return false
    return isSamePlace(corners[0], corners[corners.length - 1]) && corners.length > 3 && isInside(point, corners)
  }),
}

/**
 * Gives the points in texts such as `lat lon alt acc;lat lon`, null where one is none.
 *
 * @param {Value[]} values
 * @returns {Point[] | null}
 */
function pointsOf(values) {
  const texts = values.flatMap((value) => (Array.isArray(value) ? value.map((node) => node.text()) : [toText(value)]))
  const points = []
  for (const text of texts.flatMap((one) => one.split(';'))) {
    if (text.trim() === '') continue
    const [latitude, longitude] = text.trim().split(/\s+/).map(Number)
    if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) return null
    points.push({ latitude: (latitude * Math.PI) / 180, longitude: (longitude * Math.PI) / 180 })
  }
  return points
}

/** @param {Value[]} args */
function areaOf(args) {
  const points = pointsOf(args) ?? []
  return points.length < 3 ? 0 : inCentimetres(Math.abs(areaOnUnitSphere(points)) * EARTH_RADIUS_METRES ** 2)
}

/**
 * Says whether two sides of a line or shape meet anywhere but at the corner that they share.
 *
 * @param {Point[]} points
 */
function crossesItself(points) {
  const last = points.length - 2
  const isClosed = points.length > 3 && isSamePlace(points[0], points[points.length - 1])
  for (let first = 0; first <= last; first += 1) {
    for (let second = first + 1; second <= last; second += 1) {
      const isNext = second === first + 1 || (isClosed && first === 0 && second === last)
      if (!isNext && doMeet(points[first], points[first + 1], points[second], points[second + 1])) return true
    }
  }
  return false
}

/**
 * @param {Point} a
 * @param {Point} b
 */
function isSamePlace(a, b) {
  return a.latitude === b.latitude && a.longitude === b.longitude
}

/**
 * Says on which side of the line from a to b a point is: the sign of the result; 0 on the line.
 *
 * @param {Point} a
 * @param {Point} b
 * @param {Point} point
 */
function sideOf(a, b, point) {
  return Math.sign((b.longitude - a.longitude) * (point.latitude - a.latitude) - (b.latitude - a.latitude) * (point.longitude - a.longitude))
}

/**
 * @param {Point} a
 * @param {Point} b
 * @param {Point} c
 * @param {Point} d
 */
function doMeet(a, b, c, d) {
  const [ofC, ofD, ofA, ofB] = [sideOf(a, b, c), sideOf(a, b, d), sideOf(c, d, a), sideOf(c, d, b)]
  if (ofC !== ofD && ofA !== ofB) return true
  return (ofC === 0 && isBeside(a, b, c)) || (ofD === 0 && isBeside(a, b, d)) || (ofA === 0 && isBeside(c, d, a)) || (ofB === 0 && isBeside(c, d, b))
}

/**
 * @param {Point} a
 * @param {Point} b
 * @param {Point} point on the line through a and b: whether it is between them
 */
function isBeside(a, b, point) {
  const isBetween = (/** @type {'latitude' | 'longitude'} */ axis) => Math.min(a[axis], b[axis]) <= point[axis] && point[axis] <= Math.max(a[axis], b[axis])
  return isBetween('latitude') && isBetween('longitude')
}

/**
 * Gives the angle between two points, by the haversine formula.
 *
 * @param {Point} a
 * @param {Point} b
 */
function arc(a, b) {
  const half = (/** @type {number} */ angle) => Math.sin(angle / 2) ** 2
  const h = half(b.latitude - a.latitude) + Math.cos(a.latitude) * Math.cos(b.latitude) * half(b.longitude - a.longitude)
  return 2 * Math.asin(Math.min(1, Math.sqrt(h)))
}

/**
 * Gives the area under a polygon's sides on a sphere of radius 1, signed by the direction of its corners: each side
 * counts as if it ran straight on a map of equal areas (as the other engines do it, so that figures agree).
 *
 * @param {Point[]} points
 */
function areaOnUnitSphere(points) {
  return points.reduce((total, point, index) => {
    const next = points[(index + 1) % points.length]
    return total + ((next.longitude - point.longitude) * (2 + Math.sin(point.latitude) + Math.sin(next.latitude))) / 2
  }, 0)
}

/**
 * Says whether a point is inside, by counting the sides that a line to the east crosses.
 *
 * @param {Point} point
 * @param {Point[]} corners the last one is the first again
 */
function isInside({ latitude, longitude }, corners) {
  return corners.slice(1).reduce((isWithin, b, index) => {
    const a = corners[index]
    if (a.latitude > latitude === b.latitude > latitude) return isWithin
    const crossing = a.longitude + ((latitude - a.latitude) / (b.latitude - a.latitude)) * (b.longitude - a.longitude)
    return longitude < crossing ? !isWithin : isWithin
  }, false)
}

/** @param {number} metres */
function inCentimetres(metres) {
  return Math.round(metres * 100) / 100
}
