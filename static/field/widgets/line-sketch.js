/** A drawing of a line or an area, to scale and with north up. */

const SPACE = 'http://www.w3.org/2000/svg'
/** Units of the drawing's longer side, and of the margin around it. */
const SIZE = 200
const MARGIN = 12

/**
 * Gives the points on a plane of `SIZE` units, with north up and distances to scale.
 *
 * @param {string[]} points `latitude longitude …`
 * @returns {{width: number, height: number, places: [number, number][]}}
 */
export function planeOf(points) {
  const degrees = points.map((point) => point.split(' ').map(Number))
  const north = Math.max(...degrees.map(([latitude]) => latitude))
  const west = Math.min(...degrees.map(([, longitude]) => longitude))
  // A degree of longitude shrinks towards the poles.
  const squeeze = Math.cos((north * Math.PI) / 180)
  const flat = degrees.map(([latitude, longitude]) => [(longitude - west) * squeeze, north - latitude])
  const [wide, high] = [0, 1].map((axis) => Math.max(...flat.map((place) => place[axis])))
  const scale = (SIZE - 2 * MARGIN) / (Math.max(wide, high) || 1)
  const round = (/** @type {number} */ value) => Math.round(value * 10) / 10
  return {
    width: round(wide * scale + 2 * MARGIN),
    height: round(high * scale + 2 * MARGIN),
    places: flat.map(([x, y]) => [round(x * scale + MARGIN), round(y * scale + MARGIN)]),
  }
}

/**
 * Gives the drawing.
 *
 * @param {string[]} points at least two
 * @param {boolean} isShape
 * @param {string} name what a screen reader says of it
 * @returns {SVGElement}
 */
export function sketchOf(points, isShape, name) {
  const { width, height, places } = planeOf(points)
  const svg = shape('svg', { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': name })
  svg.append(shape(isShape ? 'polygon' : 'polyline', { points: places.map((place) => place.join()).join(' ') }))
  for (const [i, [cx, cy]] of places.entries()) svg.append(shape('circle', { cx, cy, r: i === places.length - 1 ? 5 : 3 }))
  return svg
}

/**
 * @param {string} name
 * @param {Record<string, string|number>} attributes
 */
function shape(name, attributes) {
  const element = /** @type {SVGElement} */ (document.createElementNS(SPACE, name))
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value))
  return element
}
