// A menu, the calendar of days and what is unfolded over the page close at a click outside and at Escape.
for (const kind of ['click', 'keydown']) {
  document.addEventListener(kind, e => {
    for (const menu of document.querySelectorAll('.account[open], .unfold[open], .pick-days[open]')) {
      if (kind === 'keydown' ? e.key !== 'Escape' : menu.contains(e.target)) continue
      menu.open = false
      if (kind === 'keydown') menu.querySelector('summary').focus()
    }
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
