// The people search: a combobox over the list that the server sends. The first hit of what
// was typed is marked, so that Enter takes it, even if it is pressed before the list is there.
class PeoplePicker extends HTMLElement {
  connectedCallback() {
    const input = this.input = this.querySelector('input')
    this.list = this.querySelector('[role=listbox]')
    this.status = this.querySelector('[data-status]')
    this.at = -1
    for (const [name, value] of [['role', 'combobox'], ['aria-autocomplete', 'list'], ['aria-controls', this.list.id], ['aria-expanded', false]]) input.setAttribute(name, value)
    input.addEventListener('keydown', e => this.key(e))
    input.addEventListener('input', () => { this.taken = false })
    input.addEventListener('blur', () => this.open(false))
    input.addEventListener('focus', () => this.open(this.filled))
    this.list.addEventListener('mousedown', e => e.preventDefault()) // keeps the focus where it is
    this.list.addEventListener('click', e => this.pick(e.target.closest('[data-id]')))
    this.watch = new MutationObserver(() => this.refresh())
    this.watch.observe(this.list, { childList: true })
  }
  disconnectedCallback() { this.watch?.disconnect() }
  get options() { return [...this.list.querySelectorAll('[data-id]')] }
  get filled() { return !!this.list.querySelector('li:not([hidden])') }
  get current() { return (this.list.querySelector('[data-typed]')?.dataset.typed ?? '') === this.input.value }
  refresh() {
    const focused = document.activeElement === this.input, hits = this.input.value && this.current && this.options
    if (hits?.length && this.taken) return this.pick(hits[0])
    this.open(focused && this.filled && (this.current || !!this.input.value))
    this.mark(focused && hits?.length ? 0 : -1)
    if (focused && this.filled) this.status.textContent = this.dataset.found.replace('{n}', this.options.filter(o => !o.matches('.suboption')).length)
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
      if (this.input.value && !this.current) this.taken = true
      else this.pick(this.options[this.at])
    } else if (e.key === 'Escape' && !this.list.hidden) {
      e.preventDefault()
      this.open(false)
    } else if (e.key === 'Backspace' && !this.input.value) {
      this.closest('fieldset').querySelector('.chips:last-of-type > :last-child .remove[name]')?.click()
    }
  }
  pick(option) {
    if (!option) return
    const asked = 'asked' in option.dataset, form = this.closest('form')
    this.status.textContent = option.dataset.said
    this.input.value = ''
    this.list.replaceChildren()
    this.taken = false
    this.open(false)
    if (asked) return
    const field = Object.assign(document.createElement('input'), { type: 'hidden', name: option.dataset.name ?? 'who', value: option.dataset.id })
    form.append(field)
    if (option.dataset.left) form.append(Object.assign(document.createElement('input'), { type: 'hidden', name: 'left', value: option.dataset.left }))
    form.requestSubmit()
  }
}
customElements.define('people-picker', PeoplePicker)
