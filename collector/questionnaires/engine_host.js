/**
 * The server's side of the form engine: joined behind the engine's files by engine.py and run in QuickJS.
 */

const MAX_MODELS = 16

/** Models by hash, the one used longest ago first. */
const serverModels = new Map()
/** Zones by name: moments (milliseconds, ascending) from which an offset (minutes) holds. */
const serverZones = new Map()

function serverModel(hash) {
  const model = serverModels.get(hash)
  if (model === undefined) return null
  serverModels.delete(hash)
  serverModels.set(hash, model)
  return model
}

function serverHasModel(hash) {
  return serverModels.has(hash)
}

function serverAddModel(hash, json) {
  serverModels.set(hash, JSON.parse(json))
  if (serverModels.size > MAX_MODELS) serverModels.delete(serverModels.keys().next().value)
}

function serverHasZone(name) {
  return serverZones.has(name)
}

function serverAddZone(name, json) {
  serverZones.set(name, JSON.parse(json))
}

function serverHost(nowMs, zoneName) {
  const zone = serverZones.get(zoneName)
  const hex = () => Math.floor(Math.random() * 16).toString(16)
  return {
    now: () => nowMs,
    offset: (ms) => offsetAt(zone, ms),
    random: () => Math.random(),
    uuid: () => 'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'.replace(/x/g, hex),
    properties: {},
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

function serverCheck(hash, answersJson, nowMs, zoneName) {
  return JSON.stringify(check(serverModel(hash), serverHost(nowMs, zoneName), JSON.parse(answersJson)))
}

function serverCheckModel(json) {
  return JSON.stringify(checkModel(JSON.parse(json)))
}

function serverCheckExpression(json, text, path) {
  return JSON.stringify(checkExpression(JSON.parse(json), text, path))
}
