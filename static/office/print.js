/** Print buttons: hidden until this script runs, since nothing else could answer them. */

for (const button of document.querySelectorAll('[data-print]')) {
  if (button instanceof HTMLButtonElement) {
    button.hidden = false
    button.addEventListener('click', () => window.print())
  }
}
