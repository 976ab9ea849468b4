// Ticked times. The boxes of one time are kept alike, and the tray lists all that are
// ticked, also while the page shows other times. Without this script the boxes themselves
// are the fields of the tray's form.
const ticked = new Map() // by value: what the tray says of the time, and its line as text
let tickedOf // the search that the times belong to

const tray = () => document.querySelector('.tray')
const boxes = () => [...document.querySelectorAll('.tick input')]
const take = box => ticked.set(box.value, { when: box.dataset.when, line: box.dataset.line })

// readTicks brings the page and what is ticked together after the page has changed. Times of
// another search stay only if the page offers them, too.
function readTicks() {
  if (!tray()) return
  const search = [...tray().querySelectorAll('input[type=hidden]:not([name=slot])')].map(f => f.name + '=' + f.value).join('&')
  if (tickedOf === undefined) boxes().filter(b => b.checked).forEach(take) // the browser has filled them in again
  else if (search !== tickedOf) {
    const offered = new Set(boxes().map(b => b.value))
    for (const value of ticked.keys()) if (!offered.has(value)) ticked.delete(value)
  }
  tickedOf = search
  showTicks()
}

function showTicks() {
  for (const box of boxes()) {
    box.removeAttribute('name') // the tray has one field for each time
    box.checked = ticked.has(box.value)
  }
  const list = tray().querySelector('.ticked-times'), tally = tray().querySelector('.tally')
  list.replaceChildren(...[...ticked.keys()].sort().map(value => tickedItem(value, list.dataset.drop)))
  const form = new Intl.PluralRules(document.documentElement.lang).select(ticked.size)
  tally.textContent = (tally.dataset[form] ?? tally.dataset.other).replace('{n}', ticked.size)
  tally.setAttribute('data-counted', '')
}

function tickedItem(value, drop) {
  const { when } = ticked.get(value), item = document.createElement('li'), button = document.createElement('button')
  Object.assign(button, { type: 'button', textContent: '×' })
  button.dataset.untick = value
  button.setAttribute('aria-label', drop.replace('{name}', when))
  item.append(when, Object.assign(document.createElement('input'), { type: 'hidden', name: 'slot', value }), button)
  return item
}

document.addEventListener('change', e => {
  if (!e.target.matches('.tick input')) return
  if (e.target.checked) take(e.target)
  else ticked.delete(e.target.value)
  showTicks()
})
document.addEventListener('click', e => {
  const button = e.target.closest('[data-untick]'), text = e.target.closest('[data-lead]')
  if (button) {
    ticked.delete(button.dataset.untick)
    showTicks()
    tray().querySelector('[data-untick], [type=reset]').focus()
  } else if (text && ticked.size) {
    e.preventDefault()
    const lines = [...ticked].sort().map(([, time]) => time.line)
    copy(text, [text.dataset.lead, ...lines].join('\n'), () => text.form.requestSubmit(text))
  }
})
document.addEventListener('reset', e => {
  if (e.target !== tray()) return
  e.preventDefault()
  ticked.clear()
  showTicks()
})
document.addEventListener('htmx:after:swap', readTicks)
readTicks()
