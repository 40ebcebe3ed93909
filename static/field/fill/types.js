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
 * @property {string} [readonly]
 * @property {string} [count]
 * @property {string} [label]
 * @property {Record<string, string>} [parameters]
 *
 * @typedef {object} FormNode
 * @property {'group'|'repeat'|'row'|'question'} kind
 * @property {string} name
 * @property {NodeDef} def
 * @property {string} id
 * @property {string} path
 * @property {FormNode|null} parent
 * @property {FormNode[]} children
 * @property {string} value
 * @property {boolean} isRelevant
 * @property {boolean} isRequired
 * @property {boolean} isReadonly
 *
 * @typedef {{id: string, node: FormNode, nodes: FormNode[]}} Page
 * @typedef {{value: string, label: string}} Choice
 * @typedef {{node: FormNode, kind: 'required'|'type'|'constraint', message: string}} Problem
 * @typedef {{name: string, code: string}} Language
 * @typedef {{answers: object, instanceName: string, dropped: number}} FinishResult
 *
 * @typedef {object} Form
 * @property {any} model
 * @property {FormNode} root
 * @property {string} language
 * @property {Language[]} languages
 * @property {(name: string) => void} setLanguage
 * @property {(path: string) => FormNode|null} find
 * @property {(node: FormNode, value: string) => void} set
 * @property {(repeat: FormNode) => FormNode} addRow
 * @property {(row: FormNode) => void} removeRow
 * @property {(repeat: FormNode) => boolean} canAdd
 * @property {(row: FormNode) => boolean} canRemove
 * @property {(node: FormNode, what: string) => string} text
 * @property {(node: FormNode) => Choice[]} choices
 * @property {(node: FormNode) => string} display
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
 *
 * @typedef {object} WidgetContext what a widget is given
 * @property {Form} form
 * @property {FormNode} node
 * @property {Files} files
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
