// A menu, and the calendar of days, closes at a click outside of it and at Escape.
for (const kind of ['click', 'keydown']) {
  document.addEventListener(kind, e => {
    const menu = document.querySelector('.account[open], .pick-days[open]')
    if (!menu || (kind === 'keydown' ? e.key !== 'Escape' : menu.contains(e.target))) return
    menu.open = false
    if (kind === 'keydown') menu.querySelector('summary').focus()
  })
}
