/** Lines and areas as lists of points, each `latitude longitude altitude accuracy`. */

import { GEO_FUNCTIONS } from '../../engine/functions/geo.js'

/**
 * Gives the points of a stored line. An area's last point, which repeats the first, is not counted.
 *
 * @param {string} value
 * @param {boolean} isShape
 * @returns {string[]}
 */
export function splitLine(value, isShape) {
  const points = value.split(';').map((point) => point.trim()).filter(Boolean)
  return isShape && points.length > 3 && points[0] === points.at(-1) ? points.slice(0, -1) : points
}

/**
 * Gives what is stored for points; an area of three or more is closed by its first point.
 *
 * @param {string[]} points
 * @param {boolean} isShape
 * @returns {string}
 */
export function joinLine(points, isShape) {
  return (isShape && points.length >= 3 ? [...points, points[0]] : points).join(';')
}

/**
 * Gives the length of a line, or of an area's outline, in metres, as the form's own `distance()` gives it.
 *
 * @param {string[]} points
 * @param {boolean} isShape
 * @returns {number}
 */
export function lengthOf(points, isShape) {
  return measured('distance', joinLine(points, isShape))
}

/**
 * Gives the area that the points enclose in square metres, as the form's own `area()` gives it.
 *
 * @param {string[]} points
 * @returns {number}
 */
export function areaOf(points) {
  return measured('area', joinLine(points, true))
}

/**
 * @param {'distance'|'area'} name
 * @param {string} line
 */
function measured(name, line) {
  return Number(GEO_FUNCTIONS[name].run([line], /** @type {any} */ (null)))
}

/**
 * Says whether a walk that puts a point each so many metres or seconds puts one here and now.
 *
 * @param {{metres?: number, seconds?: number}} interval
 * @param {string|undefined} last the point before, undefined where this is the first
 * @param {string} point
 * @param {number} secondsSince since the walk put the point before
 * @returns {boolean}
 */
export function isDue({ metres, seconds = 0 }, last, point, secondsSince) {
  if (last === undefined) return true
  return metres ? lengthOf([last, point], false) >= metres : secondsSince >= seconds
}
