/** When to try again. Pure. */

const FIRST_MS = 4000
const LONGEST_MS = 5 * 60 * 1000

/**
 * The pause before the next try: it doubles with every failure up to five minutes (A04), and is spread so that phones which lost the
 * server together do not return together.
 * @param {number} failures in a row, 1 or more
 * @param {number} random in [0, 1)
 * @returns {number} milliseconds
 */
export function pauseAfter(failures, random) {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1))
  return Math.round(full * (0.5 + random / 2))
}
