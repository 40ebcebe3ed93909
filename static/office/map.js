/**
 * The board's map: boundaries shaded by progress, and the points where responses were filled in. Leaflet draws; whatever comes from
 * answers is put in as text, never as markup. Background tiles are asked for only where the server names a server of tiles.
 */

/** Leaflet, which a script before this one has put there. @type {any} */
const L = /** @type {any} */ (window).L
const TIMEOUT_MS = 15_000
/** Points from which they are drawn small. */
const MANY = 500

/**
 * @param {string} address
 * @returns {Promise<any>}
 */
async function fetchJson(address) {
  const response = await fetch(address, { credentials: 'same-origin', signal: AbortSignal.timeout(TIMEOUT_MS) })
  if (!response.ok) throw new Error(`status ${response.status}`)
  return response.json()
}

/**
 * What a bubble shows: lines of text and a link.
 * @param {string[]} lines
 * @param {string} address
 * @param {string} words
 */
function bubble(lines, address, words) {
  const box = document.createElement('div')
  for (const line of lines) {
    const paragraph = document.createElement('p')
    paragraph.textContent = line
    box.append(paragraph)
  }
  if (address) {
    const link = document.createElement('a')
    link.href = address
    link.textContent = words
    box.append(link)
  }
  return box
}

/**
 * What a community's bubble says.
 * @param {{ name: string, received: number, target: number | null, percent: number | null }} figure
 */
function figureLines({ name, received, target, percent }) {
  const amount = target === null ? `${received}` : `${received} / ${target}`
  return [name, percent === null ? amount : `${amount} · ${percent} %`]
}

/** @param {HTMLElement} place */
function makeMap(place) {
  const map = L.map(place, { zoomControl: false, attributionControl: false, preferCanvas: false, zoomSnap: 0.25 })
  L.control.zoom({ zoomInTitle: place.dataset.zoomIn, zoomOutTitle: place.dataset.zoomOut }).addTo(map)
  L.control.scale({ imperial: false }).addTo(map)
  if (place.dataset.tiles) {
    L.tileLayer(place.dataset.tiles, { maxZoom: 19 }).addTo(map)
    const said = document.createElement('span')
    said.textContent = place.dataset.attribution ?? ''
    L.control.attribution({ prefix: false }).addAttribution(said.innerHTML).addTo(map)
  }
  return map
}

/**
 * @param {HTMLElement} place
 * @param {any} boundaries GeoJSON
 * @param {Record<string, any>} figures by code
 */
function drawBoundaries(place, boundaries, figures) {
  return L.geoJSON(boundaries, {
    // Only communities have figures; the outlines of what is above them are drawn without a ground.
    style: (/** @type {any} */ feature) => {
      const figure = figures[feature.properties.code]
      return { className: `map-area map-area--${figure ? figure.level : 'outline'}`, weight: figure ? 1.5 : 2.5 }
    },
    interactive: true,
    onEachFeature: (/** @type {any} */ feature, /** @type {any} */ layer) => {
      const figure = figures[feature.properties.code]
      if (!figure) return
      layer.bindPopup(bubble(figureLines(figure), figure.url, place.dataset.place ?? ''))
      const label = document.createElement('span')
      label.textContent = figure.percent === null ? figure.name : `${figure.name} ${figure.percent} %`
      layer.bindTooltip(label)
    },
  })
}

/**
 * @param {HTMLElement} place
 * @param {any} points GeoJSON
 */
function drawPoints(place, points) {
  // Many points are drawn small, or they would hide the shades below them.
  const radius = points.features.length > MANY ? 2.5 : 5
  return L.geoJSON(points, {
    pointToLayer: (/** @type {any} */ _feature, /** @type {any} */ position) =>
      L.circleMarker(position, { radius, className: 'map-point' }),
    onEachFeature: (/** @type {any} */ { properties }, /** @type {any} */ layer) =>
      layer.bindPopup(bubble([properties.name, properties.place, properties.day], properties.url, place.dataset.open ?? '')),
  })
}

/** @param {HTMLElement} place @param {HTMLElement} note */
async function show(place, note) {
  const boundaries = await fetchJson(place.dataset.boundaries ?? '')
  place.hidden = false
  const map = makeMap(place)
  /** @type {any[]} */
  let drawn = []

  const draw = async () => {
    const [figures, points] = await Promise.all([
      fetchJson(place.dataset.figures ?? ''),
      fetchJson(place.dataset.points ?? ''),
    ])
    for (const layer of drawn) layer.remove()
    drawn = [drawBoundaries(place, boundaries, figures), drawPoints(place, points)]
    for (const layer of drawn) layer.addTo(map)
    const isEmpty = !boundaries.features.length && !points.features.length
    const amount = `${place.dataset.pointsWord ?? note.dataset.pointsWord}${points.features.length}`
    note.textContent = isEmpty ? (note.dataset.empty ?? '') : points.is_cut ? `${amount}. ${note.dataset.cut}` : amount
    place.hidden = isEmpty
    // Points may lie far off, by a phone's mistake: where there are boundaries, these say what the map shows.
    return isEmpty ? null : (boundaries.features.length ? drawn[0] : drawn[1]).getBounds()
  }

  const bounds = await draw()
  if (bounds) {
    map.invalidateSize()
    map.fitBounds(bounds, { padding: [16, 16], maxZoom: 16 })
  }
  document.addEventListener('board:fresh', () => draw().catch(() => {}))
}

const place = /** @type {HTMLElement | null} */ (document.querySelector('[data-map]'))
const note = /** @type {HTMLElement | null} */ (document.querySelector('[data-map-note]'))
if (place && note) {
  show(place, note).catch(() => {
    note.textContent = note.dataset.failed ?? ''
  })
}
