/** Functions of the expression language that few forms use: they are fetched for a form that names one, before it is opened. */

/** What a form model that calls one has in it. A label that reads the same only fetches them for nothing. */
const CALL =
  /\b(?:acos|add-date|area|asin|atan2?|base64-decode|checklist|(?:cht:)?difference-in-\w+|cos|decimal-\w+(?:-time)?|digest|distance|exp(?:10)?|extract-signed|geofence|indexed-repeat|intersects|log(?:10)?|parse-timestamp-to-date|pi|pow|randomize|sin|sqrt|tan)\s*\(/

/** @param {string} text a form model as JSON */
export function callsRareFunctions(text) {
  return CALL.test(text)
}

/** Lets the engine have what a form model calls. Rejects where it cannot be fetched. @param {string} text the model as JSON */
export async function fetchRareFunctions(text) {
  if (callsRareFunctions(text)) await import('../engine/functions/rare.js')
}
