// Pointing at the timeline: a ghost of the asked length says who could come, and a click or
// Enter chooses that time, whether it suits or not. What it knows stands on the page: the
// bars of people and the green blocks or, where not everybody has a row, counts by step.
const absences = ['unread', 'away', 'busy', 'tentative', 'outside']
let pointed = null // { column, at }: minutes from the beginning of the day's part shown

const timeline = () => document.querySelector('.timeline[data-length]')
const fact = (table, name) => +table.dataset[name]
const dayCell = (table, column) => table.querySelector('.all').cells[column]
const rowsOf = table => [...table.querySelectorAll('tbody tr:not(.all, .group)')]
const within = (n, least, most) => Math.max(least, Math.min(most, n))

// extent is where a bar lies on its day, in minutes.
function extent(table, rect) {
  const x = parseFloat(rect.getAttribute('x')), width = parseFloat(rect.getAttribute('width'))
  const start = document.dir === 'rtl' ? 100 - x - width : x, day = fact(table, 'last') - fact(table, 'first')
  return [Math.round(start * day / 100), Math.round((start + width) * day / 100)]
}

// blocks are the green stretches of a day.
const blocks = (table, column) => [...dayCell(table, column).querySelectorAll('a.fits')].map(link => {
  const parts = [...link.querySelectorAll('rect')].map(r => extent(table, r))
  return [Math.min(...parts.map(p => p[0])), Math.max(...parts.map(p => p[1]))]
})

// absent lists who can't come, and why; null where not everybody has a row.
function absent(table, column, at) {
  if (dayCell(table, column).dataset.free) return null
  const words = table.dataset.kinds.split('|'), end = at + fact(table, 'length')
  return rowsOf(table).flatMap(row => {
    const kind = absences.findIndex(k => [...row.cells[column].querySelectorAll(`.${k}:not(.allowed) rect`)].some(r => {
      const [a, b] = extent(table, r)
      return a < end && b > at
    }))
    return kind < 0 ? [] : [{ row, name: row.querySelector('bdi').textContent, why: words[kind] }]
  })
}

function outcome(table, column, at, missing) {
  const { all, some, without, people } = table.dataset, cell = dayCell(table, column)
  const free = missing ? people - missing.length : +cell.dataset.free.split(' ')[Math.ceil(at / fact(table, 'step'))]
  if (free === +people) return all
  if (missing?.length < 4) return without.replace('{names}', missing.map(m => m.name).join(', '))
  return some.replace('{free}', free)
}

function reading(minutes) {
  const hour = Math.floor(minutes / 60) % 24, two = n => String(n).padStart(2, '0')
  const [morning, evening = morning] = timeline().dataset.clock.split('|')
  const values = { hour2: two(hour), hour12: (hour + 11) % 12 + 1, minute2: two(minutes % 60) }
  return (hour < 12 ? morning : evening).replace(/{(\w+)}/g, (_, name) => values[name])
}

// point shows the ghost and returns what it says.
function point(column, at) {
  const table = timeline(), cell = dayCell(table, column), length = fact(table, 'length')
  if (pointed?.column === column && pointed.at === at && !table.nextElementSibling.hidden) return ''
  leave()
  pointed = { column, at }
  const missing = absent(table, column, at), from = fact(table, 'first') + at
  const fits = blocks(table, column).some(([a, b]) => a <= at && at + length <= b)
  const times = reading(from) + '–' + reading(from + length), said = outcome(table, column, at, missing)
  for (const m of missing ?? []) {
    const place = m.row.querySelector('small')
    m.row.classList.add('absent')
    place.dataset.before = place.textContent
    place.textContent = m.why
  }
  if (cell.getClientRects().length) drawGhost(table, cell, at, fits, times, said)
  return table.tHead.rows[0].cells[column].querySelector('.day-name').textContent + ' ' + times + ', ' + said
}

function drawGhost(table, cell, at, fits, times, said) {
  const ghost = table.nextElementSibling, label = ghost.firstElementChild, frame = table.parentElement
  const box = cell.getBoundingClientRect(), outer = frame.getBoundingClientRect()
  const minute = box.width / (fact(table, 'last') - fact(table, 'first')), length = fact(table, 'length')
  const left = document.dir === 'rtl' ? box.right - (at + length) * minute : box.left + at * minute
  const px = n => n + 'px'
  Object.assign(ghost.style, {
    left: px(left - outer.left + frame.scrollLeft), top: px(box.top - outer.top),
    width: px(length * minute), height: px(table.getBoundingClientRect().bottom - box.top),
  })
  ghost.toggleAttribute('data-misfit', !fits)
  label.replaceChildren(Object.assign(document.createElement('b'), { textContent: times }), ' ' + said)
  ghost.hidden = false
  label.toggleAttribute('data-flipped', document.dir === 'rtl' ? left + ghost.offsetWidth - label.offsetWidth < outer.left : left + label.offsetWidth > outer.right)
}

function leave() {
  const table = timeline()
  pointed = null
  if (!table || table.nextElementSibling.hidden && !table.querySelector('.absent')) return
  table.nextElementSibling.hidden = true
  for (const row of table.querySelectorAll('.absent')) {
    const place = row.querySelector('small')
    row.classList.remove('absent')
    place.textContent = place.dataset.before
  }
}

// spot is the time under a pointer: the middle of the meeting, on the grid; inside a green
// block it stays inside.
function spot(e) {
  const cell = e.target.closest?.('.timeline tbody td'), table = cell && timeline()
  const column = cell?.cellIndex, length = table && fact(table, 'length'), day = table && fact(table, 'last') - fact(table, 'first')
  if (!table || cell.colSpan > 1 || !dayCell(table, column).dataset.start || length > day) return null
  const box = cell.getBoundingClientRect(), across = (e.clientX - box.left) / box.width
  const minute = (document.dir === 'rtl' ? 1 - across : across) * day
  let at = snap(table, minute - length / 2, Math.round)
  for (const [a, b] of blocks(table, column)) {
    const first = snap(table, a, Math.ceil), last = snap(table, b - length, Math.floor)
    if (a <= minute && minute < b && first <= last) at = within(at, first, last)
  }
  return placeOn(table, column, at)
}

const snap = (table, minutes, round) => {
  const step = fact(table, 'step'), from = fact(table, 'first')
  return round((from + minutes) / step) * step - from
}

// placeOn is a place on a day, null in the past.
function placeOn(table, column, at) {
  at = within(at, snap(table, 0, Math.ceil), snap(table, fact(table, 'last') - fact(table, 'first') - fact(table, 'length'), Math.floor))
  return fact(dayCell(table, column), 'start') + at < fact(table, 'now') ? null : { column, at }
}

function choose({ column, at }) {
  const table = timeline(), start = new Date((fact(dayCell(table, column), 'start') + at) * 60000)
  show(table.dataset.url + '&slot=' + start.toISOString().replace(/[-:]/g, '').slice(0, 13) + 'Z')
}

document.addEventListener('pointermove', e => {
  if (e.pointerType === 'touch') return
  const at = spot(e)
  if (at) point(at.column, at.at)
  else if (document.activeElement?.className !== 'point') leave()
})
document.addEventListener('click', e => {
  const at = e.detail && !e.defaultPrevented && !e.button && !e.metaKey && !e.ctrlKey && !e.shiftKey && !e.altKey && spot(e)
  if (!at) return
  e.preventDefault()
  choose(pointed ?? at) // what the ghost shows
})

// The keyboard: the row of everyone is one stop.
document.addEventListener('keydown', e => {
  const table = timeline()
  if (!table || !e.target.matches?.('.point') || e.ctrlKey || e.metaKey || e.altKey) return
  const now = pointed ?? begin(table), step = fact(table, 'step'), ahead = document.dir === 'rtl' ? -step : step
  const [column, at] = { ArrowLeft: [0, -ahead], ArrowRight: [0, ahead], ArrowUp: [-1, 0], ArrowDown: [1, 0], Home: [0, -1440], End: [0, 1440] }[e.key] ?? []
  if (e.key === 'Escape') return leave()
  if (e.key !== 'Enter' && at === undefined) return
  e.preventDefault()
  if (e.key === 'Enter') return choose(now)
  const next = placeOn(table, within(now.column + column, 1, table.querySelector('.all').cells.length - 1), now.at + at)
  if (next && dayCell(table, next.column).dataset.start) document.getElementById('pointed').textContent = point(next.column, next.at)
})

// begin is where the keyboard starts: the chosen time, else the first block.
function begin(table) {
  const bar = table.querySelector('.everyone .chosen') ?? table.querySelector('.everyone .fits rect')
  return bar ? { column: bar.closest('td').cellIndex, at: snap(table, extent(table, bar)[0], Math.round) } : { column: 1, at: snap(table, 0, Math.ceil) }
}

function prepare() {
  pointed = null
  const table = timeline()
  if (!table) return
  table.querySelector('.point').tabIndex = 0
  for (const link of table.querySelectorAll('.everyone a')) link.setAttribute('tabindex', -1)
}
document.addEventListener('focusout', e => { if (e.target.matches?.('.point')) leave() })
document.addEventListener('htmx:after:swap', prepare)
prepare()
