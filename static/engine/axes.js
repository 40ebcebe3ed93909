/**
 * The axes of XPath 1.0 (section 2.2): which nodes a step reaches.
 */

/** @typedef {import('./values.js').XNode} XNode */

/**
 * Gives a node and all above it, from the top down.
 *
 * @param {XNode} node
 */
export function chainOf(node) {
  const chain = []
  for (let at = /** @type {XNode | null} */ (node); at !== null; at = at.up()) chain.push(at)
  return chain.reverse()
}

/**
 * Gives the nodes that one step reaches, nearest first on the axes that look back.
 *
 * @param {XNode} node
 * @param {string} axis
 * @param {string} test
 * @returns {XNode[]}
 */
export function stepFrom(node, axis, test) {
  if (axis === 'child') return test === 'text()' ? [] : node.down(test === 'node()' ? '*' : test)
  if (axis === 'attribute') return node.down(`@${test === 'node()' ? '*' : test}`)
  // The node above the root is no element.
  const matches = (/** @type {XNode} */ other) => test === 'node()' || (test === '*' ? other.name !== '' : other.name === test)
  return AXIS_NODES[axis](node).filter(matches)
}

/** @type {Record<string, (node: XNode) => XNode[]>} */
const AXIS_NODES = {
  self: (node) => [node],
  parent: (node) => parentsOf(node).slice(0, 1),
  ancestor: parentsOf,
  'ancestor-or-self': (node) => [node, ...parentsOf(node)],
  descendant: (node) => descendantsOf(node).slice(1),
  'descendant-or-self': descendantsOf,
  'following-sibling': (node) => siblingsOf(node).slice(siblingsOf(node).indexOf(node) + 1),
  'preceding-sibling': (node) => siblingsOf(node).slice(0, siblingsOf(node).indexOf(node)).reverse(),
}

/** @param {XNode} node */
function parentsOf(node) {
  return chainOf(node).reverse().slice(1)
}

/** @param {XNode} node */
function siblingsOf(node) {
  const parent = node.up()
  return parent === null ? [node] : parent.down('*')
}

/** @param {XNode} node */
function descendantsOf(node) {
  const found = [node]
  for (let index = 0; index < found.length; index += 1) found.splice(index + 1, 0, ...found[index].down('*'))
  return found
}
