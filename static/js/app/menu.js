// A menu, and the calendar of days, closes at a click outside of it and at Escape.
for (const kind of ['click', 'keydown']) {
  document.addEventListener(kind, e => {
    const menu = document.querySelector('.account[open], .pick-days[open]')
    if (!menu || (kind === 'keydown' ? e.key !== 'Escape' : menu.contains(e.target))) return
    menu.open = false
    if (kind === 'keydown') menu.querySelector('summary').focus()
  })
}
// What is chosen in it counts at once: how pages look without asking for the page again.
document.addEventListener('change', e => {
  const form = e.target.closest('[data-choices]')
  if (!form) return
  form.elements.next.value = location.pathname + location.search
  if (e.target.name !== 'theme') return form.requestSubmit()
  document.documentElement.dataset.theme = e.target.value
  fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)), redirect: 'manual' }).catch(() => form.requestSubmit())
})
