/** A secret that is shown once: a button copies it, where the browser lets pages do that. Without it one tap on the text chooses it all. */

for (const button of document.querySelectorAll('[data-copy-secret]')) {
  const secret = document.querySelector('[data-secret]')
  if (button instanceof HTMLButtonElement && secret && navigator.clipboard) {
    button.hidden = false
    button.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(secret.textContent?.trim() ?? '')
        const words = button.querySelector('span')
        if (words) words.textContent = button.dataset.done ?? ''
      } catch {
        // The browser refused; the text is there to be copied by hand.
      }
    })
  }
}
