// The script of the pages. Everything here is an extra: the pages work without it.
document.documentElement.classList.add('js')
// Whoever runs it can ask again, so a slow search is answered by a page that does.
document.cookie = 'script=1;path=/;max-age=31536000;samesite=' + (location.protocol === 'https:' ? 'none;secure;partitioned' : 'lax')

// The people search: a combobox over the list that the server sends.
class PeoplePicker extends HTMLElement {
  connectedCallback() {
    const input = this.input = this.querySelector('input')
    this.list = this.querySelector('[role=listbox]')
    this.status = this.querySelector('[data-status]')
    this.at = -1
    for (const [name, value] of [['role', 'combobox'], ['aria-autocomplete', 'list'], ['aria-controls', this.list.id], ['aria-expanded', false]]) input.setAttribute(name, value)
    input.addEventListener('keydown', e => this.key(e))
    input.addEventListener('blur', () => this.open(false))
    input.addEventListener('focus', () => this.open(this.list.children.length > 0))
    this.list.addEventListener('mousedown', e => e.preventDefault()) // keeps the focus where it is
    this.list.addEventListener('click', e => this.pick(e.target.closest('[data-id]')))
    this.watch = new MutationObserver(() => this.refresh())
    this.watch.observe(this.list, { childList: true })
  }
  disconnectedCallback() { this.watch?.disconnect() }
  get options() { return [...this.list.querySelectorAll('[data-id]')] }
  refresh() {
    const focused = document.activeElement === this.input
    this.mark(-1)
    this.open(focused && this.list.children.length > 0)
    if (focused && this.list.children.length) this.status.textContent = this.dataset.found.replace('{n}', this.options.filter(o => !o.matches('.suboption')).length)
  }
  open(on) {
    this.list.hidden = !on
    this.input.setAttribute('aria-expanded', on)
    if (!on) this.mark(-1)
  }
  mark(n) {
    const options = this.options
    options.forEach((option, i) => option.setAttribute('aria-selected', i === n))
    this.at = n
    if (n < 0) return this.input.removeAttribute('aria-activedescendant')
    this.input.setAttribute('aria-activedescendant', options[n].id)
    options[n].scrollIntoView({ block: 'nearest' })
  }
  key(e) {
    const n = this.options.length
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key]
    if (step && n) {
      e.preventDefault()
      this.open(true)
      this.mark(this.at < 0 ? (step > 0 ? 0 : n - 1) : (this.at + step + n) % n)
    } else if (e.key === 'Enter') {
      e.preventDefault()
      this.pick(this.options[this.at] ?? (n === 1 ? this.options[0] : null))
    } else if (e.key === 'Escape' && !this.list.hidden) {
      e.preventDefault()
      this.open(false)
    } else if (e.key === 'Backspace' && !this.input.value) {
      this.closest('fieldset').querySelector('.chips:last-of-type > :last-child .remove[name]')?.click()
    }
  }
  pick(option) {
    if (!option) return
    const form = this.closest('form')
    const field = Object.assign(document.createElement('input'), { type: 'hidden', name: option.dataset.name ?? 'who', value: option.dataset.id })
    form.append(field)
    if (option.dataset.left) form.append(Object.assign(document.createElement('input'), { type: 'hidden', name: 'left', value: option.dataset.left }))
    this.input.value = ''
    this.list.replaceChildren()
    this.open(false)
    this.status.textContent = option.dataset.said
    form.requestSubmit()
  }
}
customElements.define('people-picker', PeoplePicker)

// Arrow keys move between the cells of the heat map and the blocks of the timeline.
const moves = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }
document.addEventListener('keydown', e => {
  const [down, right] = moves[e.key] ?? []
  if (down === undefined) return
  const across = document.dir === 'rtl' ? -right : right
  const next = inHeatMap(e.target.closest('.heat-map a'), down, across) ?? inTimeline(e.target.closest('.everyone a'), across)
  if (!next) return
  e.preventDefault()
  next.focus()
})
function inHeatMap(link, down, across) {
  if (!link) return null
  const cell = link.parentElement, rows = [...cell.closest('tbody').rows]
  let r = rows.indexOf(cell.parentElement), c = cell.cellIndex
  for (;;) {
    const to = rows[r += down]?.cells[c += across]
    if (!to || to.classList.contains('hour')) return null
    const found = to.querySelector('a')
    if (found) return found
  }
}
function inTimeline(link, across) {
  if (!link || !across) return null
  const all = [...document.querySelectorAll('.everyone a')]
  return all[all.indexOf(link) + across]
}

// Links to other views of the search replace the page without loading it anew.
document.addEventListener('click', e => {
  const from = e.target.closest('[data-from]')
  if (from) return void copyField(from, document.getElementById(from.dataset.from))
  const link = e.target.closest('a')
  if (!link || e.defaultPrevented || e.button || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey) return
  const href = link.getAttribute('href')
  if (link.dataset.copy) {
    e.preventDefault()
    copy(link, link.dataset.url ?? link.href, () => location.assign(href))
  } else if (href?.startsWith('/find?') && window.htmx && document.getElementById('page')) {
    e.preventDefault()
    htmx.ajax('GET', href, { target: '#page', select: '#page', swap: 'outerMorph', push: 'true' })
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

// A menu closes when one clicks beside it or presses Escape.
for (const kind of ['click', 'keydown']) {
  document.addEventListener(kind, e => {
    const menu = document.querySelector('.account[open]')
    if (!menu || (kind === 'keydown' ? e.key !== 'Escape' : menu.contains(e.target))) return
    menu.open = false
    if (kind === 'keydown') menu.querySelector('summary').focus()
  })
}

// No browser stores our pages, so Back would lose what was typed and not sent. It is kept
// for as long as the tab is open, and comes back with the page.
const draft = 'draft ' + location.pathname + location.search
const typed = () => [...document.querySelectorAll('form[method=post] :is(input:not([type=hidden]), textarea, select)[name]')]
let sent = false
addEventListener('submit', e => { if (e.target.method === 'post') sent = true })
addEventListener('pagehide', () => {
  const values = typed().map(f => f.matches('[type=checkbox], [type=radio]') ? f.checked : f.value)
  try {
    if (sent || !values.length) sessionStorage.removeItem(draft)
    else sessionStorage.setItem(draft, JSON.stringify(values))
  } catch { /* a browser that keeps nothing for us */ }
})
try {
  const values = JSON.parse(sessionStorage.getItem(draft)), fields = typed()
  const back = performance.getEntriesByType('navigation')[0]?.type === 'back_forward'
  if (back && values?.length === fields.length) {
    fields.forEach((f, i) => { typeof values[i] === 'boolean' ? f.checked = values[i] : f.value = values[i] })
  }
} catch { /* a browser that keeps nothing for us */ }
