/** Doors that volunteers visit, as they lie in the store. */

/** @typedef {import('./database.js').Database} Database */
/** @typedef {import('./database.js').Transaction} Transaction */
/** @typedef {import('./types.js').Door} Door */

/** Every volunteer's. @param {Transaction} transaction over `doors` @returns {Promise<Door[]>} */
export function doorsIn(transaction) {
  return transaction.all('doors')
}

/** The door that a draft belongs to: it was begun there, or put off until a call there. @param {Door[]} doors @param {{id: string, door?: string}} draft */
export function doorOf(doors, draft) {
  return doors.find((door) => door.id === draft.door) ?? doors.find((door) => door.response === draft.id)
}
