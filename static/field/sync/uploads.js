/** Sending files by the tus protocol 1.0 with creation and checksum: a photo goes on where it broke off (A24). */

import { sha256, toBase64 } from '../digest.js'
import { updateFile } from '../store/files.js'
import { ApiError } from './api.js'

/** @typedef {import('./api.js').Api} Api */
/** @typedef {import('../store/database.js').Database} Database */
/** @typedef {import('../store/types.js').FileEntry} FileEntry */

const TUS = { 'Tus-Resumable': '1.0.0' }
/** Small enough that a weak link brings one piece through, large enough that a photo takes few calls. */
const PIECE_BYTES = 256 * 1024
const MOST_CORRECTIONS = 4

/**
 * Brings one file wholly to the server, and notes its progress. Raises ApiError when it breaks off.
 * @param {Api} api
 * @param {Database} database
 * @param {FileEntry} file
 */
export async function uploadFile(api, database, file) {
  let { url, offset } = await begin(api, file)
  await updateFile(database, file, { url, offset })
  let corrections = 0
  while (offset < file.size) {
    const next = await sendPiece(api, file, url, offset)
    // Without progress the two sides disagree about the content; a bound keeps that from going on for ever.
    if (next <= offset && ++corrections > MOST_CORRECTIONS) throw new ApiError('upload_checksum_differs', 460)
    offset = next
    await updateFile(database, file, { offset })
  }
  await updateFile(database, file, { offset, done: true })
}

/**
 * Where to go on: the upload's address and the bytes that the server has.
 * @param {Api} api
 * @param {FileEntry} file
 */
async function begin(api, file) {
  if (file.url) {
    try {
      return { url: file.url, offset: offsetOf(await api.call(file.url, { method: 'HEAD', headers: TUS })) }
    } catch (error) {
      // The server no longer knows this upload: a new one is made. All else is the caller's.
      if (!(error instanceof ApiError && (error.status === 404 || error.status === 410))) throw error
    }
  }
  return create(api, file)
}

/** @param {Api} api @param {FileEntry} file */
async function create(api, file) {
  const metadata = { response: file.response, name: file.name, sha256: file.sha256, type: file.type }
  const encoded = Object.entries(metadata).map(([key, value]) => `${key} ${toBase64(new TextEncoder().encode(value))}`)
  const headers = { ...TUS, 'Upload-Length': String(file.size), 'Upload-Metadata': encoded.join(',') }
  const response = await api.call('/sync/v1/files', { method: 'POST', headers })
  const location = response.headers.get('Location')
  if (!location) throw new ApiError('not_an_answer', response.status)
  return { url: new URL(location, document.baseURI).pathname, offset: offsetOf(response, 0) }
}

/**
 * Sends the bytes from `offset` on, up to a piece, and gives the offset after it, as the server says.
 * @param {Api} api
 * @param {FileEntry} file
 * @param {string} url
 * @param {number} offset
 */
async function sendPiece(api, file, url, offset) {
  const piece = await file.blob.slice(offset, offset + PIECE_BYTES).arrayBuffer()
  const headers = {
    ...TUS,
    'Content-Type': 'application/offset+octet-stream',
    'Upload-Offset': String(offset),
    'Upload-Checksum': `sha256 ${toBase64(await sha256(piece))}`,
  }
  try {
    return offsetOf(await api.call(url, { method: 'PATCH', headers, body: piece }, 120))
  } catch (error) {
    if (!(error instanceof ApiError && (error.status === 409 || error.status === 460))) throw error
    return offsetOf(await api.call(url, { method: 'HEAD', headers: TUS }))
  }
}

/** @param {Response} response @param {number} [fallback] */
function offsetOf(response, fallback) {
  const text = response.headers.get('Upload-Offset')
  const offset = text === null ? fallback : Number(text)
  if (offset === undefined || !Number.isInteger(offset)) throw new ApiError('not_an_answer', response.status)
  return offset
}
