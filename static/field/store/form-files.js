/** Lists and media of questionnaires, kept by their hash in Cache Storage: docs/decisions/0007 says why there. Loaded only where there are some. */

/** sw.js tidies the caches whose names begin with `collector-`; this one it leaves alone. */
const CACHE = 'form-files'

/** @param {string} sha256 */
export function addressOf(sha256) {
  return `/sync/v1/form-files/${sha256}`
}

/** Gives the cache, which a phone without such questionnaires never makes. */
export function openCache() {
  return caches.open(CACHE)
}

/** Hashes of the files that are here. @returns {Promise<Set<string>>} */
export async function keptFiles() {
  const requests = await (await openCache()).keys()
  return new Set(requests.map(({ url }) => url.slice(url.lastIndexOf('/') + 1)))
}

/**
 * Which of the kept models can be opened, and how far the others are.
 * @param {Record<string, boolean>} models kept, by hash: whether the form asks for a place
 * @param {Record<string, Record<string, number>>} files that models name, by the model's hash
 * @returns {Promise<{models: Record<string, boolean>, loading: Record<string, {here: number, all: number}>}>}
 */
export async function wholeModels(models, files) {
  const kept = await keptFiles()
  /** @type {Record<string, {here: number, all: number}>} */
  const loading = {}
  for (const [model, sizes] of Object.entries(files)) {
    const hashes = Object.keys(sizes)
    const here = hashes.filter((hash) => kept.has(hash)).length
    if (here < hashes.length) loading[model] = { here, all: hashes.length }
  }
  return { models: Object.fromEntries(Object.entries(models).filter(([hash]) => !(hash in loading))), loading }
}
