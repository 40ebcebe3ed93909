/**
 * Joined behind vectors.js in the server's host: runs one vector there.
 */

/**
 * @param {string} json of the vector
 * @param {number} nowMs
 * @param {string} zoneJson table of offsets, see engine.py
 */
function hostRunVector(json, nowMs, zoneJson) {
  serverZones.set('vector', JSON.parse(zoneJson))
  return JSON.stringify(runVector(JSON.parse(json), serverHost(nowMs, 'vector')))
}
