// Pointing at the timeline: a ghost of the asked length says who could come, and a click or
// Enter chooses that time, whether it suits or not. What it knows stands on the page: the
// bars of people and the green blocks or, where not everybody has a row, counts by step.
const absences = ['unread', 'away', 'busy', 'tentative', 'outside']
// Times on a day are minutes that have passed since its part shown began. Places are what the
// clock shows then; they differ on a day whose clock changes.
let pointed = null // { column, at }

const timeline = () => document.querySelector('.timeline[data-length]')
const fact = (table, name) => +table.dataset[name]
const dayCell = (table, column) => table.querySelector('.all').cells[column]
const rowsOf = table => [...table.querySelectorAll('tbody tr:not(.all, .group)')]
const within = (n, least, most) => Math.max(least, Math.min(most, n))

// change is after how many minutes the clock of a day jumps, and by how many.
const change = cell => cell.dataset.change ? [+cell.dataset.change, +cell.dataset.jump] : [Infinity, 0]
const placeOf = (cell, at) => at < change(cell)[0] ? at : at + change(cell)[1]

// passed is the inverse: of a reading that comes twice the first time, of one that is skipped
// that of the jump.
function passed(cell, place) {
  const [when, jump] = change(cell)
  return place < when ? place : Math.max(when, place - jump)
}
const dayLength = (table, cell) => fact(table, 'last') - fact(table, 'first') - change(cell)[1]

// extent is where a bar lies on its day.
function extent(table, bar) {
  if (bar.dataset.till) return [+bar.dataset.since, +bar.dataset.till]
  const x = parseFloat(bar.getAttribute('x')), width = parseFloat(bar.getAttribute('width'))
  const start = document.dir === 'rtl' ? 100 - x - width : x, day = fact(table, 'last') - fact(table, 'first')
  return [Math.round(start * day / 100), Math.round((start + width) * day / 100)]
}

// blocks are the green stretches of a day.
const blocks = (table, column) => [...dayCell(table, column).querySelectorAll('a.fits')].map(link => {
  const parts = (link.dataset.till ? [link] : [...link.querySelectorAll('rect')]).map(r => extent(table, r))
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
  const free = missing ? people - missing.length : +cell.dataset.free.split(' ')[Math.ceil(at / (cell.dataset.change ? 5 : fact(table, 'step')))]
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

// called is what the clock shows, and which time it is of one that comes twice.
function called(cell, at) {
  const [when, jump] = change(cell), shown = reading(fact(timeline(), 'first') + placeOf(cell, at))
  return at >= when + jump && at < when - jump ? shown + ` (${at < when ? cell.dataset.before : cell.dataset.after})` : shown
}

// point shows the ghost and returns what it says.
function point(column, at) {
  const table = timeline(), cell = dayCell(table, column), length = fact(table, 'length')
  if (pointed?.column === column && pointed.at === at && !table.nextElementSibling.hidden) return ''
  leave()
  pointed = { column, at }
  const missing = absent(table, column, at)
  const fits = blocks(table, column).some(([a, b]) => a <= at && at + length <= b)
  const times = called(cell, at) + '–' + called(cell, at + length), said = outcome(table, column, at, missing)
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
  const [from, till] = covered(cell, at, at + length)
  const left = document.dir === 'rtl' ? box.right - till * minute : box.left + from * minute
  const px = n => n + 'px'
  Object.assign(ghost.style, {
    left: px(left - outer.left + frame.scrollLeft), top: px(box.top - outer.top),
    width: px((till - from) * minute), height: px(table.getBoundingClientRect().bottom - box.top),
  })
  ghost.toggleAttribute('data-misfit', !fits)
  label.replaceChildren(Object.assign(document.createElement('b'), { textContent: times }), ' ' + said)
  ghost.hidden = false
  label.toggleAttribute('data-flipped', document.dir === 'rtl' ? left + ghost.offsetWidth - label.offsetWidth < outer.left : left + label.offsetWidth > outer.right)
}

// covered are the places that the clock shows from one time to another.
function covered(cell, at, end) {
  const [when, jump] = change(cell), across = at < when && when < end
  const from = placeOf(cell, at), till = end > when ? end + jump : end
  return across && jump < 0 ? [Math.min(from, when + jump), Math.max(till, when)] : [from, till]
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
  const td = e.target.closest?.('.timeline tbody td'), table = td && timeline()
  if (!table || td.colSpan > 1) return null
  const column = td.cellIndex, cell = dayCell(table, column), length = fact(table, 'length')
  if (length > dayLength(table, cell)) return null
  const box = td.getBoundingClientRect(), across = (e.clientX - box.left) / box.width
  const minute = passed(cell, (document.dir === 'rtl' ? 1 - across : across) * (fact(table, 'last') - fact(table, 'first')))
  let at = snap(table, cell, minute - length / 2, Math.round)
  for (const [a, b] of blocks(table, column)) {
    const first = snap(table, cell, a, Math.ceil), last = snap(table, cell, b - length, Math.floor)
    if (a <= minute && minute < b && first <= last) at = within(at, first, last)
  }
  return placeOn(table, column, at)
}

// snap is the next time at which the clock shows a step.
function snap(table, cell, at, round) {
  const step = fact(table, 'step'), shown = fact(table, 'first') + placeOf(cell, at) - at
  return round((shown + at) / step) * step - shown
}

// placeOn is a time on a day, null in the past.
function placeOn(table, column, at) {
  const cell = dayCell(table, column), last = dayLength(table, cell) - fact(table, 'length')
  at = within(at, snap(table, cell, 0, Math.ceil), snap(table, cell, last, Math.floor))
  return fact(cell, 'start') + at < fact(table, 'now') ? null : { column, at }
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
  const to = within(now.column + column, 1, table.querySelector('.all').cells.length - 1), cell = dayCell(table, to)
  const from = column ? passed(cell, placeOf(dayCell(table, now.column), now.at)) : now.at
  const next = placeOn(table, to, snap(table, cell, from + at, Math.round))
  if (next) document.getElementById('pointed').textContent = point(next.column, next.at)
})

// begin is where the keyboard starts: the chosen time, else the first block.
function begin(table) {
  const bar = table.querySelector('.everyone .chosen') ?? table.querySelector('.everyone .fits rect')
  const column = bar ? bar.closest('td').cellIndex : 1, at = bar?.closest('[data-till]') ?? bar
  return { column, at: snap(table, dayCell(table, column), bar ? extent(table, at)[0] : 0, bar ? Math.round : Math.ceil) }
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
