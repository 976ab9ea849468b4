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
