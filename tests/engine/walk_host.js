/**
 * Joined behind walk.js in the server's host: one walk there.
 */

/**
 * @param {string} modelJson
 * @param {string} filesJson lists beside the workbook, by their id in the model
 * @param {number} nowMs
 * @param {string} zoneJson table of offsets, see engine.py
 * @param {number} seed
 */
function hostWalk(modelJson, filesJson, nowMs, zoneJson, seed) {
  serverZones.set('walk', JSON.parse(zoneJson))
  const files = JSON.parse(filesJson)
  const host = { ...serverHost(nowMs, 'walk'), list: (/** @type {string} */ id) => files[id] ?? null }
  return JSON.stringify(walkForm(JSON.parse(modelJson), host, seed))
}
