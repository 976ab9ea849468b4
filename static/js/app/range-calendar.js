// The calendar of days. The first click is the first day, the second one the last. Its months
// turn without a request: what the answer says of its days stands in the element.
const atNoon = day => new Date(day + 'T12:00Z')
const dayText = date => date.toISOString().slice(0, 10)
const later = (day, by) => dayText(new Date(atNoon(day).getTime() + by * 864e5))
const monthLater = (month, by) => { const d = atNoon(month + '-01'); d.setUTCMonth(d.getUTCMonth() + by); return dayText(d).slice(0, 7) }
const dayWords = (day, parts) => atNoon(day).toLocaleDateString(document.documentElement.lang, { timeZone: 'UTC', ...parts })
const mostMonths = 24 // after this one

const reaches = (calendar, month) => {
  const now = calendar.dataset.today.slice(0, 7)
  return month >= now && month <= monthLater(now, mostMonths)
}

// turnTo shows a month, unless it is over or too far.
function turnTo(calendar, month) {
  if (!reaches(calendar, month)) return false
  calendar.dataset.month = month
  const first = month + '-01', start = later(first, -((atNoon(first).getUTCDay() - calendar.dataset.week + 7) % 7)), rows = []
  for (let week = start; week.slice(0, 7) <= month; week = later(week, 7)) {
    const row = document.createElement('tr')
    for (let i = 0; i < 7; i++) row.append(dayCellOf(calendar, later(week, i)))
    rows.push(row)
  }
  calendar.querySelector('tbody').replaceChildren(...rows)
  calendar.querySelector('.range-month b').textContent = dayWords(first, { month: 'long', year: 'numeric' })
  for (const link of calendar.querySelectorAll('[data-turn]')) link.hidden = !reaches(calendar, beside(calendar, link))
  return true
}

const beside = (calendar, link) => monthLater(calendar.dataset.month, link.dataset.turn === 'left' ? -1 : 1)

function dayCellOf(calendar, day) {
  const cell = document.createElement('td'), { month, today, begin, end, open, chosen } = calendar.dataset
  if (day.slice(0, 7) !== month) return cell
  const number = String(+day.slice(8))
  cell.classList.toggle('inside', begin <= day && day <= end)
  if (day < today) {
    cell.append(Object.assign(document.createElement('span'), { textContent: number }))
    return cell
  }
  const level = +(open[Math.round((atNoon(day) - atNoon(begin ?? day)) / 864e5)] ?? 0)
  const button = Object.assign(document.createElement('button'), { name: 'pick', value: day, className: 'level-' + level, textContent: number })
  const says = calendar.querySelectorAll('.board-legend li')[level - 1]?.textContent
  button.setAttribute('form', 'filters')
  button.setAttribute('aria-label', dayWords(day, { weekday: 'long', day: 'numeric', month: 'long' }) + (says ? ': ' + says : ''))
  button.classList.toggle('edge', day === begin || day === end)
  button.classList.toggle('today', day === today)
  if (day === chosen) button.setAttribute('aria-pressed', true)
  cell.append(button)
  return cell
}

document.addEventListener('click', e => {
  const calendar = e.target.closest('.range-calendar'), link = plainLink(e)
  if (calendar && link?.dataset.turn && turnTo(calendar, beside(calendar, link))) {
    e.preventDefault()
    e.stopImmediatePropagation()
    if (link.hidden) calendar.querySelector('[data-turn]:not([hidden])').focus()
  }
}, true)

document.addEventListener('click', e => {
  const day = e.target.closest('.range-calendar button')
  if (!day) return
  e.preventDefault()
  const calendar = day.closest('.range-calendar'), first = calendar.dataset.chosen
  if (!first) {
    day.setAttribute('aria-pressed', true)
    calendar.dataset.chosen = day.value
    calendar.querySelector('[role=status]').textContent = calendar.dataset.last
    return
  }
  delete calendar.dataset.chosen
  calendar.querySelector('[aria-pressed=true]')?.removeAttribute('aria-pressed')
  const [from, to] = [first, day.value].sort()
  document.getElementById('f-from').value = from
  document.getElementById('f-to').value = to
  calendar.closest('details').open = false
  day.form.requestSubmit()
})

// Arrow keys move by days and weeks, Home and End within a week, the others by months.
document.addEventListener('keydown', e => {
  const day = e.target.closest('.range-calendar button'), ahead = document.dir === 'rtl' ? -1 : 1
  if (!day || e.ctrlKey || e.metaKey || e.altKey) return
  const calendar = day.closest('.range-calendar'), column = day.parentElement.cellIndex
  const by = { ArrowLeft: -ahead, ArrowRight: ahead, ArrowUp: -7, ArrowDown: 7, Home: -column, End: 6 - column }[e.key]
  const month = { PageUp: -1, PageDown: 1 }[e.key]
  if (by === undefined && !month) return
  e.preventDefault()
  let to = by === undefined ? sameDay(day.value, month) : later(day.value, by)
  if (to < calendar.dataset.today) to = calendar.dataset.today
  if (to.slice(0, 7) !== calendar.dataset.month && !turnTo(calendar, to.slice(0, 7))) return
  calendar.querySelector(`button[value="${to}"]`)?.focus()
})

// sameDay is the day of another month with the number of a day, or the last one of it.
function sameDay(day, by) {
  const month = monthLater(day.slice(0, 7), by), last = later(monthLater(month, 1) + '-01', -1)
  const same = month + day.slice(7)
  return same < last ? same : last
}
