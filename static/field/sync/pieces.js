/** How large a piece of a file goes out in one call. Pure. */

export const FIRST_PIECE = 64 * 1024
const LEAST = 32 * 1024
const MOST = 1024 * 1024
/** A piece that is lost costs about so long. */
const AIM_MS = 4000

/**
 * The size of the next piece: what the link carries in a few seconds, at most twice the one before. A call over a weak link has to come
 * to its end before the link goes, and over a good one a photo should take few calls.
 * @param {number} bytes of the piece that went
 * @param {number} ms that it took
 */
export function pieceAfter(bytes, ms) {
  return Math.round(Math.min(MOST, 2 * bytes, Math.max(LEAST, (bytes * AIM_MS) / Math.max(1, ms))))
}

/** The size after a piece that did not get through. @param {number} bytes of it */
export function pieceAfterFailure(bytes) {
  return Math.max(LEAST, Math.floor(bytes / 4))
}
