/** Places and their names. Pure. */

/** @typedef {import('./store/types.js').Place} Place */
/** @typedef {import('./store/types.js').World} World */

/**
 * A name in `language`, else in the first language that has one, else the fallback.
 * @param {Record<string, string> | undefined} names by language code
 * @param {string} language
 * @param {string} fallback
 */
export function nameIn(names, language, fallback) {
  return names?.[language] || fallback || Object.values(names ?? {})[0] || ''
}

/** @param {World} world @param {string | null} code @param {string} language */
export function placeName(world, code, language) {
  if (code === null) return ''
  const place = world.places.find((candidate) => candidate.code === code)
  return nameIn(place?.names, language, place ? Object.values(place.names)[0] : code)
}

/**
 * The place and everything above it, the highest first.
 * @param {Place[]} places
 * @param {string} code
 * @returns {Place[]}
 */
export function pathTo(places, code) {
  const byCode = new Map(places.map((place) => [place.code, place]))
  /** @type {Place[]} */
  const path = []
  for (let place = byCode.get(code); place && !path.includes(place); place = byCode.get(place.parent ?? '')) path.unshift(place)
  return path
}

/**
 * What the form already knows when it is begun at `code`: the answers of the questions in its `place_path`, level by level.
 * @param {string[]} placePath question names, highest level first
 * @param {Place[]} places
 * @param {string | null} code
 * @returns {Record<string, string>}
 */
export function prefillFor(placePath, places, code) {
  const codes = code === null ? [] : pathTo(places, code).map((place) => place.code)
  const levels = Math.min(codes.length, placePath.length)
  const names = placePath.slice(placePath.length - levels)
  return Object.fromEntries(names.map((name, index) => [name, codes[codes.length - levels + index]]))
}

/**
 * The communities that the volunteer works in, in groups by the place above them. None assigned: all that have no place under them.
 * @param {World} world
 * @returns {{parent: Place | null, places: Place[]}[]}
 */
export function myPlaces(world) {
  const byCode = new Map(world.places.map((place) => [place.code, place]))
  const above = new Set(world.places.map((place) => place.parent))
  const mine = new Set(world.mine)
  const open = world.places.filter((place) => (mine.size > 0 ? mine.has(place.code) : !above.has(place.code)))
  /** @type {Map<string, Place[]>} */
  const groups = new Map()
  for (const place of open) groups.set(place.parent ?? '', [...(groups.get(place.parent ?? '') ?? []), place])
  return [...groups].map(([parent, places]) => ({ parent: byCode.get(parent) ?? null, places }))
}
