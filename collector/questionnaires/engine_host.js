/**
 * The server's side of the form engine: joined behind the engine's files by engine_source.py and run in V8, in a process of its own
 * (engine_process.py). It has a clock, which the engine's files have not.
 */

const MAX_MODELS = 16
/** Bytes of JSON of all lists from files together. In memory they take about fourteen times that (docs/decisions/0007). */
const MAX_LIST_BYTES = 10_000_000

/** Models by hash, the one used longest ago first. */
const serverModels = new Map()
/** Lists from files by hash: `{columns, rows}`. */
const serverLists = new Map()
/** Zones by name: moments (milliseconds, ascending) from which an offset (minutes) holds. */
const serverZones = new Map()

function serverModel(hash) {
  const model = serverModels.get(hash)
  if (model === undefined) return null
  serverModels.delete(hash)
  serverModels.set(hash, model)
  return model
}

function serverAddModel(hash, json) {
  serverModels.set(hash, JSON.parse(json))
  if (serverModels.size > MAX_MODELS) serverModels.delete(serverModels.keys().next().value)
  return ''
}

/** Gives the lists that a model names by a file that was uploaded: bytes by hash. */
function serverFileLists(model) {
  return new Map(Object.values(model.lists).filter((list) => list.sha256).map((list) => [list.sha256, list.size]))
}

/**
 * Gives the hashes of a model's lists that are not held; null where they are too many bytes. Makes room for
 * them: models with lists go, the one used longest ago first, and the lists that only they name.
 */
function serverMissingLists(hash) {
  const wanted = serverFileLists(serverModel(hash))
  if (wanted.size === 0) return []
  if (serverBytes(wanted) > MAX_LIST_BYTES) {
    serverModels.delete(hash)
    return null
  }
  let needed = serverNeededLists()
  for (const [other, model] of [...serverModels]) {
    if (serverBytes(needed) <= MAX_LIST_BYTES) break
    if (other === hash || serverFileLists(model).size === 0) continue
    serverModels.delete(other)
    needed = serverNeededLists()
  }
  for (const sha256 of [...serverLists.keys()]) if (!needed.has(sha256)) serverLists.delete(sha256)
  return [...wanted.keys()].filter((sha256) => !serverLists.has(sha256))
}

function serverNeededLists() {
  return new Map([...serverModels.values()].flatMap((model) => [...serverFileLists(model)]))
}

function serverBytes(lists) {
  return [...lists.values()].reduce((total, size) => total + size, 0)
}

function serverAddList(sha256, json) {
  serverLists.set(sha256, JSON.parse(json))
  return ''
}

function serverAddZone(name, json) {
  serverZones.set(name, JSON.parse(json))
  return ''
}

function serverHost(nowMs, zoneName, model) {
  const zone = serverZones.get(zoneName)
  const hex = () => Math.floor(Math.random() * 16).toString(16)
  return {
    now: () => nowMs,
    offset: (ms) => offsetAt(zone, ms),
    random: () => Math.random(),
    uuid: () => 'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'.replace(/x/g, hex),
    properties: {},
    list: (id) => serverLists.get(model.lists[id]?.sha256) ?? null,
  }
}

function offsetAt(zone, ms) {
  let low = 0
  let high = zone.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (zone[middle][0] <= ms) low = middle
    else high = middle - 1
  }
  return zone[low][1]
}

/**
 * Gives, as JSON, `{found, wants}`: what `work` (check or consequences) gives of responses, in their order. It goes on for `turnMs`, and does one
 * at least; it stops before one for which something has to be added first, `wants`: `['model']`, `['zone']` or `['lists', sha256, …]`;
 * `['room']` where its lists are too large ever to be held.
 * What could not be done is `{error}`, the kind of error.
 *
 * @param {(model: any, host: any, answers: any) => any} work
 * @param {number} turnMs
 * @param {string} askedJson for each response: hash of its model, moment, zone, whether its lists are checked
 * @param {...string} answersJson for each response: its answers
 */
function serverEach(work, turnMs, askedJson, ...answersJson) {
  const until = Date.now() + turnMs
  const found = []
  for (const [hash, nowMs, zone, hasLists] of JSON.parse(askedJson)) {
    const one = serverOne(work, hash, nowMs, zone, hasLists, answersJson[found.length])
    if (one.wants !== undefined) return JSON.stringify({ found, wants: one.wants })
    found.push(one)
    if (Date.now() >= until) break
  }
  return JSON.stringify({ found, wants: null })
}

function serverOne(work, hash, nowMs, zone, hasLists, answersJson) {
  try {
    const wants = serverWants(hash, zone, hasLists)
    if (wants !== null) return { wants }
    const model = serverModel(hash)
    return work(model, serverHost(nowMs, zone, model), JSON.parse(answersJson))
  } catch (error) {
    // Where there was no stack left, what is remembered with the model may be half done.
    if (error instanceof RangeError) serverModels.delete(hash)
    return { error: error instanceof Error ? error.name : 'Error' }
  }
}

function serverWants(hash, zone, hasLists) {
  if (!serverModels.has(hash)) return ['model']
  if (!serverZones.has(zone)) return ['zone']
  const missing = hasLists ? serverMissingLists(hash) : []
  if (missing === null) return ['room']
  return missing.length === 0 ? null : ['lists', ...missing]
}

function serverCheckModel(json) {
  return JSON.stringify(checkModel(JSON.parse(json)))
}

function serverCheckExpression(json, text, path) {
  return JSON.stringify(checkExpression(JSON.parse(json), text, path))
}
