/**
 * The shapes that the fill screen and its widgets share. Types only: nothing here runs.
 * Source: docs/engine.md (form and nodes), docs/form-model.md (definitions).
 *
 * @typedef {object} NodeDef
 * @property {string} name
 * @property {'group'|'repeat'|'question'} kind
 * @property {string} [type]
 * @property {string} [control]
 * @property {string} [mediatype]
 * @property {string} [appearance]
 * @property {string} [default]
 * @property {string} [readonly]
 * @property {string} [constraint]
 * @property {{nodeset: string}} [itemset]
 * @property {string} [count]
 * @property {string} [label]
 * @property {Record<string, string>} [parameters]
 * @property {string[]} [missing] reasons for no answer that the form allows
 *
 * @typedef {object} FormNode
 * @property {'group'|'repeat'|'row'|'question'} kind
 * @property {string} name
 * @property {NodeDef} def
 * @property {string} id
 * @property {string} path
 * @property {FormNode|null} parent
 * @property {FormNode[]} children
 * @property {FormNode[]} [spare] of a repeat whose rows the form counts: those beyond the number
 * @property {string} value
 * @property {string} missing why there is no answer, '' where nothing is said
 * @property {boolean} isRelevant
 * @property {boolean} isRequired
 * @property {boolean} isReadonly
 *
 * @typedef {{id: string, node: FormNode, nodes: FormNode[]}} Page
 * @typedef {{value: string, label: string, marked?: string, media?: Record<string, string>}} Choice `marked` is the label with its marks, where it has any
 * @typedef {{node: FormNode, kind: 'required'|'type'|'constraint', message: string}} Problem
 * @typedef {{name: string, code: string}} Language
 * @typedef {{answers: any, instanceName: string, dropped: number}} FinishResult
 *
 * @typedef {object} Form
 * @property {any} model
 * @property {FormNode} root
 * @property {string} language
 * @property {Language[]} languages
 * @property {(name: string) => void} setLanguage
 * @property {(path: string) => FormNode|null} find
 * @property {(node: FormNode, value: string) => void} set
 * @property {(node: FormNode, reason: string) => void} setMissing
 * @property {(repeat: FormNode) => FormNode} addRow
 * @property {(row: FormNode) => void} removeRow
 * @property {(repeat: FormNode) => boolean} canAdd
 * @property {(row: FormNode) => boolean} canRemove
 * @property {(row: FormNode, by: -1|1) => void} moveRow
 * @property {(row: FormNode, by: -1|1) => boolean} canMove
 * @property {(node: FormNode, what: string, quote?: (value: string) => string) => string} text
 * @property {(node: FormNode) => Record<string, string>} media
 * @property {(node: FormNode, quote?: (value: string) => string) => Choice[]} choices
 * @property {(node: FormNode, quote?: (value: string) => string) => string} display
 * @property {{text: (node: FormNode, what: string) => string, show: (element: HTMLElement, text: string) => boolean}} [marks] set where
 *   the form's texts are Markdown and HTML, see marks.js
 * @property {(node: FormNode) => Problem|null} problem
 * @property {(scope?: FormNode) => Problem[]} problems
 * @property {() => Page[]} pages
 * @property {() => object} answers
 * @property {() => FinishResult} finish
 * @property {(listener: (nodes: Set<FormNode>) => void) => (() => void)} onChange
 *
 * @typedef {object} Files where a response's pictures and recordings are kept
 * @property {(blob: Blob, about: {path: string, type: string}) => Promise<string>} put gives the file's name
 * @property {(name: string) => Promise<Blob|null>} get
 * @property {(name: string) => Promise<void>} remove
 * @property {(name: string) => boolean | undefined} [isAtServer] whether the file of a returned response lies at the server and not here
 *
 * @typedef {(name: string) => Promise<string>} FormMedia gives the address of a picture, recording or film that the form names, '' where it is not there
 *
 * @typedef {object} Audit what is told how the volunteer went through the form, see audit.js
 * @property {(page: Page|null) => void} show a page is on the screen now, null for the last screen
 * @property {(event: string, node?: FormNode) => void} note something happened
 *
 * @typedef {object} FillOptions what the fill screen is given
 * @property {Form} form
 * @property {Files} files
 * @property {FormMedia} [media]
 * @property {string} [position] the page, as an earlier `save` named it
 * @property {typeof import('./scroll.js')|null} [scroll] what shows the form whole; none: page by page
 * @property {(layout: 'pages'|'scroll') => unknown} [keepLayout] keeps the volunteer's wish
 * @property {Audit|null} [audit]
 * @property {string} [notice] what the volunteer is told on the first page
 * @property {(draft: {answers: object, position: string}, isLast: boolean) => Promise<unknown>} save
 * @property {(result: FinishResult) => Promise<unknown>} finish called when nothing is wrong any more; false: nothing was finished
 * @property {() => void} leave the volunteer wants out; the draft stays
 * @property {() => Ways} [ways] what the sheet behind ⋯ leads to just now, none: to nothing
 *
 * @typedef {object} Ways each shown where it is there
 * @property {() => unknown} [callAgain] the respondent has no time now
 * @property {() => unknown} [handOver] the respondent goes on without the volunteer
 * @property {() => unknown} [help] leaves for the help pages; the draft stays
 *
 * @typedef {object} WidgetContext what a widget is given
 * @property {Form} form
 * @property {FormNode} node
 * @property {Files} files
 * @property {FormMedia} [media]
 * @property {(value: string) => void} changed puts a lexical value into the form
 * @property {(control: HTMLElement) => void} register ties a control to the question's label, hint and error
 * @property {(work: Promise<unknown>) => void} hold keeps Next and Finish waiting until the work is done
 * @property {() => void} advance goes on to the next question
 *
 * @typedef {object} Widget what a widget's `create` gives
 * @property {HTMLElement} element
 * @property {() => void} update shows the node's present value and choices
 * @property {() => void} focus
 * @property {() => void} [destroy] gives back what outlives the element: watches, object URLs
 *
 * @typedef {{create: (context: WidgetContext) => Widget, isGroup?: boolean}} WidgetModule
 *   `isGroup`: the widget has several controls, so the question is a fieldset and its label a legend
 */

export {}
