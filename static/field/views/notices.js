/** Standing notices of the start page. What draws them comes when the client is kept on the phone, or one is needed. */

/** @typedef {import('../application.js').App} App */

/** @type {() => HTMLElement[]} */
let rare = () => []

/** Draws the others of a phone that several share. @type {(() => HTMLElement[]) | null} */
let people = null

/** @type {boolean | null} whether the browser keeps the data for good; null: not known yet */
let isPersisted = null

/** Asks the browser to keep this phone's data for good. Gives whether it does. @returns {Promise<boolean>} */
export async function askToPersist() {
  try {
    isPersisted = (await navigator.storage?.persisted?.()) || (await navigator.storage?.persist?.()) || false
  } catch {
    isPersisted = false
  }
  return isPersisted
}

/** @param {App} app @returns {HTMLElement[]} */
export function notices(app) {
  const isShared = app.state.people.length > 1 || app.state.others.length > 0
  return [...rare(), ...(isShared ? (people ?? watchPeople(app))() : [])]
}

/** Whether the browser may clear what this phone keeps; not before it was asked. */
export function isLoose() {
  return isPersisted === false
}

/** Fetches what shows the others; until it is here there is nothing. @param {App} app */
function watchPeople(app) {
  import('./people.js').then(async ({ openPeople }) => {
    people = await openPeople(app)
    app.refresh()
  }).catch(() => {})
  return (people = () => [])
}

/** Fetches what watches for all others. @param {App} app */
export async function watchRare(app) {
  rare = await (await import('./standing.js')).openStanding(app)
  app.refresh()
}
