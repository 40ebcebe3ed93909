/**
 * What is wrong with the layout of what is on the screen now, as sentences; run in the page.
 *
 * The topmost open dialog is looked at where there is one, else the page. A target is as large as what a finger may hit of it: its own box,
 * its label, or the row around it that takes the tap.
 */
(() => {
  // The office is worked with a mouse too: WCAG 2.2 AA asks for 24 px, and for nothing of a link within text. A phone's user gets twice as much.
  const isOffice = document.body.classList.contains('office')
  const TARGET_PX = isOffice ? 24 : 48
  const INLINE_PX = isOffice ? 0 : 24
  // Where the text is twice as large and the phone narrow, longer words may be broken.
  const LONGEST = document.documentElement.dataset.size === '200' ? 7 : 14
  const WORD = new RegExp(`(?<![\\w.-])[A-Za-z]{3,${LONGEST}}(?![\\w-])`, 'g')
  const CONTROLS = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=tab], [role=slider], audio[controls]'
  const found = new Set()
  const width = document.documentElement.clientWidth

  const layer = [...document.querySelectorAll('dialog[open]')].pop() ?? document.body

  const nameOf = (element) => {
    const words = (element.getAttribute('aria-label') ?? element.textContent ?? '').trim().replace(/\s+/g, ' ').slice(0, 40)
    const kind = element.className && typeof element.className === 'string' ? `.${element.className.trim().split(/\s+/).join('.')}` : ''
    return `${element.tagName.toLowerCase()}${kind} "${words}"`
  }
  const isVisible = (element) => element.checkVisibility({ opacityProperty: false, visibilityProperty: true }) && element.getClientRects().length > 0
  // Read by screen readers only: squeezed into a pixel.
  const isUnseen = (element) => {
    for (let above = element; above && above !== layer; above = above.parentElement) {
      if (above.offsetWidth <= 2 && getComputedStyle(above).overflowX !== 'visible') return true
    }
    return false
  }
  const isInvisibleControl = (element) => {
    const style = getComputedStyle(element)
    const box = element.getBoundingClientRect()
    return style.opacity === '0' || box.width <= 2 || box.height <= 2
  }
  const scroller = (element) => {
    for (let above = element.parentElement; above && above !== layer; above = above.parentElement) {
      if (['auto', 'scroll'].includes(getComputedStyle(above).overflowX) && above.scrollWidth > above.clientWidth + 1) return above
    }
    return null
  }
  const wordBoxes = (node) => {
    const range = document.createRange()
    range.selectNodeContents(node)
    return [...range.getClientRects()].filter((box) => box.width > 0)
  }

  // Nothing is wider than the screen.
  const page = document.scrollingElement
  if (page.scrollWidth > width + 1) found.add(`the page is ${page.scrollWidth} px wide on ${width} px`)
  for (const box of [layer, ...layer.querySelectorAll('dialog, main, section, fieldset, form, nav, header')]) {
    if (!isVisible(box) || isUnseen(box)) continue
    if (box.scrollWidth > box.clientWidth + 1 && box.clientWidth > 0 && !['hidden', 'clip'].includes(getComputedStyle(box).overflowX) && ['auto', 'scroll'].includes(getComputedStyle(box).overflowX)) {
      found.add(`scrolls sideways: ${nameOf(box)}`)
    }
  }

  // Text stays on the screen and inside what clips it; words stay whole.
  const walker = document.createTreeWalker(layer, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const node = walker.currentNode
    const parent = node.parentElement
    if (!node.textContent.trim() || !isVisible(parent) || isUnseen(parent) || parent.closest('svg, option, textarea')) continue
    const boxes = wordBoxes(node)
    for (const box of boxes) {
      if ((box.right > width + 1 || box.left < -1) && !scroller(parent)) found.add(`text leaves the screen: ${nameOf(parent)}`)
    }
    for (let above = parent; above && above !== layer.parentElement; above = above.parentElement) {
      const { overflowX, overflowY } = getComputedStyle(above)
      // What scrolls sideways shows the rest when it is scrolled; outside of it nothing can be cut.
      if (['auto', 'scroll'].includes(overflowX)) break
      const frame = above.getBoundingClientRect()
      const cutsX = ['hidden', 'clip'].includes(overflowX)
      const cutsY = ['hidden', 'clip'].includes(overflowY)
      for (const box of boxes) {
        if ((cutsX && (box.right > frame.right + 1 || box.left < frame.left - 1)) || (cutsY && (box.bottom > frame.bottom + box.height / 3 || box.top < frame.top - box.height / 3))) found.add(`text is cut: ${nameOf(parent)}`)
      }
    }
    const button = parent.closest('button, .button, .chip')
    if (button) {
      const frame = button.getBoundingClientRect()
      if (boxes.some((box) => box.right > frame.right + 1 || box.left < frame.left - 1 || box.bottom > frame.bottom + 4 || box.top < frame.top - 4)) found.add(`text leaves its button: ${nameOf(button)}`)
    }
    if (parent.closest('[data-break], .break-anywhere')) continue
    for (const match of node.textContent.matchAll(WORD)) {
      const range = document.createRange()
      range.setStart(node, match.index)
      range.setEnd(node, match.index + match[0].length)
      const lines = new Set([...range.getClientRects()].filter((box) => box.width > 1).map((box) => Math.round(box.top / 8)))
      if (lines.size > 1) found.add(`broken word "${match[0]}": ${nameOf(parent)}`)
    }
  }

  // Targets are large enough, and nothing lies on them.
  const seen = new Set()
  const top = page.scrollTop
  for (const control of layer.querySelectorAll(CONTROLS)) {
    // The way past the navigation comes into sight when it has the focus.
    if (control.matches('.skip')) continue
    if (!isVisible(control) || control.ariaHidden === 'true' || isUnseen(control) && !control.labels?.length) continue
    const label = control.labels?.[0]
    const target = (control.matches('input, select, textarea') && (isInvisibleControl(control) || control.matches('[type=checkbox], [type=radio]')) && label && isVisible(label)) ? label : control
    if (seen.has(target) || isInvisibleControl(target) && !target.matches('select, input')) continue
    seen.add(target)
    const isInline = target.matches('a') && getComputedStyle(target).display === 'inline'
    const least = isInline ? INLINE_PX : TARGET_PX
    target.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' })
    const box = target.getBoundingClientRect()
    const x = box.left + box.width / 2
    const y = box.top + box.height / 2
    const hits = (/** @type {number} */ dx, /** @type {number} */ dy) => {
      const hit = document.elementFromPoint(x + dx, y + dy)
      return hit !== null && (target.contains(hit) || hit.contains(control) && hit.matches('label, a, button, summary') || hit.closest('label')?.control === control || hit.closest('a, button, summary') === target)
    }
    const half = least / 2 - 1
    const isWide = box.width >= least - 0.6 || (hits(-half, 0) && hits(half, 0))
    const isTall = box.height >= least - 0.6 || (hits(0, -half) && hits(0, half))
    if (!isWide || !isTall) found.add(`a target of ${Math.round(box.width)} by ${Math.round(box.height)} px: ${nameOf(target)}`)
    if (!control.disabled && !hits(0, 0) && !hits(0, -box.height / 4) && box.height < innerHeight) found.add(`something lies on ${nameOf(target)}: ${nameOf(document.elementFromPoint(x, y) ?? document.body)}`)
  }
  page.scrollTop = top

  // One thing is the next thing to do.
  const primaries = [...layer.querySelectorAll('.button--primary')].filter((button) => isVisible(button))
  if (primaries.length > 1) found.add(`${primaries.length} primary actions: ${primaries.map(nameOf).join(', ')}`)
  return [...found]
})()
