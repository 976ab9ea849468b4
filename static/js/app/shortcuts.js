// Single keys lead to the people field and the first time, and show the list of keys. They
// never work while somebody types, and can be switched off in the list.
const inText = e => e.target.closest('input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]')
const keysOff = () => { try { return localStorage.getItem('keys') === 'off' } catch { return false } }
const jumps = {
  '/': () => {
    const field = document.querySelector('#f-who')
    if (!field) return location.assign('/find')
    if (!field.checkVisibility()) document.querySelector('#fbox')?.showPopover()
    field.focus()
  },
  t: toTimes,
  '?': showShortcuts,
}
function toTimes() {
  document.querySelector('#fbox:popover-open')?.hidePopover()
  const to = document.querySelector('#best a') ?? document.querySelector('#results')
  to?.focus()
}
function showShortcuts() {
  const list = document.querySelector('#shortcuts')
  list.querySelector('[data-single-keys]').checked = !keysOff()
  list.showModal()
}
document.addEventListener('keydown', e => {
  const jump = Object.hasOwn(jumps, e.key) && jumps[e.key]
  if (!jump || e.ctrlKey || e.altKey || e.metaKey || e.isComposing || e.repeat || e.defaultPrevented) return
  if (inText(e) || keysOff() || document.querySelector('dialog[open]')) return
  e.preventDefault()
  jump()
})
document.addEventListener('click', e => {
  if (e.target.closest('[data-shortcuts]')) showShortcuts()
  if (e.target.closest('[data-to-times]')) {
    e.preventDefault()
    toTimes()
  }
})
document.addEventListener('change', e => {
  if (!e.target.matches('[data-single-keys]')) return
  try { localStorage.setItem('keys', e.target.checked ? 'on' : 'off') } catch { /* a browser that keeps nothing for us */ }
})
