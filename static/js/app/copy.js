// Links and buttons that copy: an address, or the text of a field.
document.addEventListener('click', e => {
  const button = e.target.closest('[data-from]'), link = plainLink(e)
  if (button) copyField(button, document.getElementById(button.dataset.from))
  else if (link?.dataset.copy) {
    e.preventDefault()
    copy(link, link.dataset.url ?? link.href, () => location.assign(link.getAttribute('href')))
  }
})

async function copy(control, text, otherwise) {
  try { await navigator.clipboard.writeText(text) } catch { return void otherwise() }
  say(control, control.dataset.copy)
}

// Where a frame may not write to the clipboard, the text is selected for the keyboard.
function copyField(button, field) {
  field.select()
  copy(button, field.value, () => say(button, button.dataset.manual))
}

// The text of the button says that it worked; it is a status for screen readers too.
function say(control, words) {
  const label = control.querySelector('span'), before = label.textContent
  if (before === words) return
  label.setAttribute('role', 'status')
  label.textContent = words
  setTimeout(() => { label.textContent = before }, 2500)
}
