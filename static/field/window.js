/** When a questionnaire is open. Pure. */

/**
 * @typedef {{opens_at?: string | null, closes_at?: string | null}} Windowed moments in ISO 8601, null: without a limit on that side
 * @typedef {{key: 'place.opens' | 'place.closed', at: number}} Outside what to say, and the moment it speaks of
 */

/**
 * Why no response of `form` begins at `now`, or null while it is open. A moment that cannot be read is no limit: the server judges again.
 * @param {Windowed} form
 * @param {number} now milliseconds since 1970
 * @returns {Outside | null}
 */
export function outsideWindow(form, now) {
  const opens = Date.parse(form.opens_at ?? '')
  const closes = Date.parse(form.closes_at ?? '')
  if (closes < now) return { key: 'place.closed', at: closes }
  return opens > now ? { key: 'place.opens', at: opens } : null
}
