/**
 * The shapes that the phone keeps.
 *
 * @typedef {{id: string, name: string, language: string}} User
 * @typedef {{token: string, id: string, user: User, state: 'active' | 'refused', link: string}} Device `link`: the enrolment it came from
 * @typedef {{id: string, title: string, titles?: Record<string, string>, version: string, model: string, size_bytes: number, opens_at?: string | null, closes_at?: string | null, testing?: boolean}} FormInfo `testing`: it is being tried out
 * @typedef {{code: string, names: Record<string, string>, parent: string | null, level: number}} Place
 * @typedef {{form: string, place: string, target: number | null, received: number}} Progress
 * @typedef {{id: string, spki: string}} SealingKey the server's public key, in base64
 * @typedef {object} World
 * @property {string} [user] whose it is
 * @property {string} cursor
 * @property {FormInfo[]} forms
 * @property {Place[]} places
 * @property {string[]} mine
 * @property {Progress[]} progress
 * @property {any[]} notices
 * @property {number} pulled_at
 * @property {SealingKey} [sealing_key]
 * @property {boolean} [hasDesk] whether there are returned responses or doors of lists; not known of what an earlier client pulled
 * @property {boolean} [has_more_doors] more doors of lists than a phone takes
 * @typedef {Uint8Array<ArrayBuffer>} Bytes
 * @typedef {object} Vault a volunteer's key under their PIN; docs/phone-protection.md
 * @property {string} user
 * @property {Bytes} salt
 * @property {number} iterations
 * @property {Bytes} key sealed
 * @property {{key_id: string, sealed: Bytes} | null} recovery the key sealed for the server
 * @property {number} tries wrong PINs in a row
 * @property {number} wait_until milliseconds since 1970
 * @property {number} made_at milliseconds since 1970: a PIN that is set anew has another key
 * @property {boolean} [is_leaving] the PIN is being taken away: nothing more is sealed
 *
 * @typedef {{hash: string, text: string}} ModelEntry
 *
 * @typedef {object} Draft
 * @property {string} id the future response's
 * @property {string} form
 * @property {string} version
 * @property {string} model
 * @property {string} title of the form, for lists
 * @property {string | null} place
 * @property {string} author
 * @property {string} language name of the form's language, '' until the form was opened
 * @property {any} answers null until something was answered
 * @property {string} position page of the form
 * @property {string} [name] the instance name as far as it is known
 * @property {string} [audit] the form's audit.csv so far, where it wants one
 * @property {number} started_at
 * @property {number} updated_at
 * @property {number} rev counts the savings; 0: nothing answered yet
 * @property {boolean} [isUnkept] begun while the phone was full: not to find it in the store means nothing
 * @property {string} [forked_from] `id@rev` of the draft that it was split from
 * @property {string} [door] id of the door at which it was begun
 * @property {Returned} [returned] of a response that a supervisor returned; the draft has its id
 * @property {string} [reason] why it was returned
 * @property {Bytes} [sealed] in the place of answers, position, name, audit and reason, where the author has a PIN
 *
 * @typedef {object} Returned
 * @property {number} revision that is corrected
 * @property {string} at when it was returned
 * @property {string} started_at as the response says it
 * @property {string} finished_at
 * @property {{name: string, size: number, sha256: string, type: string}[]} files that the server has
 *
 * @typedef {'waiting' | 'sent' | 'quarantined' | 'failed'} OutboxStatus
 * @typedef {object} OutboxEntry
 * @property {string} hash content hash of `document`
 * @property {string} id
 * @property {string} document
 * @property {OutboxStatus} status `sent`: the server has the document, files are left
 * @property {number} tries
 * @property {string} error code of the last failure, '' for none
 * @property {{status: string, message: string} | null} receipt once the server has the document
 * @property {number} [arrived_at] when it came, milliseconds since 1970
 * @property {string[]} files_left names of files that are not wholly at the server
 * @property {Summary} summary
 * @property {number} [base] of a correction: the revision that it was made from
 * @property {Bytes} [sealed] in the place of `document`, where the author has a PIN
 *
 * @typedef {{form: string, title: string, place: string | null, name: string, author: string, finished_at: number, sealed?: Bytes}} Summary `sealed`: in the place of `name`
 *
 * @typedef {object} FileEntry
 * @property {string} response
 * @property {string} name
 * @property {string} path
 * @property {Blob} blob
 * @property {string} sha256
 * @property {number} size
 * @property {string} type
 * @property {string} url of the upload, '' before it was made
 * @property {number} offset bytes that the server has
 * @property {boolean} done
 * @property {string} [author] of a sealed one
 * @property {Blob} [sealed] in the place of `blob`, where the author has a PIN
 *
 * @typedef {{hash: string, id: string, sent_at: number, status: string, message: string, summary: Summary, base?: number}} SentEntry
 *
 * @typedef {'open' | 'visited' | 'call_again' | 'refused' | 'nobody_home' | 'moved'} DoorState `open`: nobody was there yet; `visited`: a response was finished there
 * @typedef {Exclude<DoorState, 'open'>} Outcome
 *
 * @typedef {object} Visit one outcome at a door of a list, until the server has it
 * @property {string} id
 * @property {number} at
 * @property {DoorState} outcome `open`: what was noted before is taken back
 * @property {number | null} call_at
 * @property {string | null} response
 * @property {string} [status] why the server did not take it
 *
 * @typedef {object} Door where somebody is to be asked
 * @property {string} id
 * @property {string} author whose list it is on
 * @property {string | null} place code of the community; null: the survey has none
 * @property {string} label address or name
 * @property {string} note
 * @property {DoorState} state
 * @property {number | null} call_at when to call again, milliseconds since 1970
 * @property {{at: number, outcome: Outcome}[]} attempts the first one first
 * @property {string | null} response id of the draft or response that was last put off or finished there
 * @property {'own' | 'list'} origin `list`: a supervisor drew it up
 * @property {string | null} list_id the supervisor's list
 * @property {string | null} list_key the door's own in that list
 * @property {string} [list_name]
 * @property {string | null} [form] to fill in at the doors of the list
 * @property {number} [position] in the lists
 * @property {number} [tries] visits that the server knows of
 * @property {Visit[]} [visits] that the server does not have
 * @property {number} created_at
 * @property {number} updated_at
 * @property {number} rev counts the savings
 * @property {Bytes} [sealed] in the place of label, note and list_key, where the author has a PIN
 */

export {}
