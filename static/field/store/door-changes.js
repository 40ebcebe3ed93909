/** Writing down what is known of a door. */

/** @typedef {import('./database.js').Database} Database */
/** @typedef {import('./types.js').Door} Door */

/** Keeps a door, new or changed; rejects where the phone is full. @param {Database} database @param {Door} door */
export async function putDoor(database, door) {
  const kept = database.keeper ? await database.keeper.seal(door) : door
  await database.write(['doors'], async (transaction) => {
    const stored = await transaction.get('doors', door.id)
    // What was sent meanwhile may be sent again; what another tab noted must not be lost.
    const others = (stored?.visits ?? []).filter((/** @type {import('./types.js').Visit} */ one) => !door.visits?.some(({ id }) => id === one.id))
    const visits = others.length > 0 ? { visits: [...others, ...(door.visits ?? [])] } : {}
    await transaction.put('doors', { ...kept, ...visits, rev: (stored?.rev ?? 0) + 1 })
  })
}

/** @param {Database} database @param {string} id */
export async function deleteDoor(database, id) {
  await database.write(['doors'], (transaction) => transaction.delete('doors', id))
}
