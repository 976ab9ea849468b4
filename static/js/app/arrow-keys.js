// Arrow keys move between the cells of the heat map and from proposal to proposal, where Space
// ticks.
const moves = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }
document.addEventListener('keydown', e => {
  const [down, right] = moves[e.key] ?? []
  if (down === undefined) return
  const across = document.dir === 'rtl' ? -right : right
  if (e.ctrlKey || e.metaKey || e.altKey) return
  const next = inHeatMap(e.target.closest('.heat-map a'), down, across) ?? inProposals(e.target.closest('.best .slot'), down + across)
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
function inProposals(card, by) {
  const all = card ? [...card.closest('.best').querySelectorAll('.slot')] : []
  return all[all.indexOf(card) + by]
}
document.addEventListener('keydown', e => {
  const tick = e.key === ' ' && e.target.matches('.best .slot') && e.target.closest('li').querySelector('.tick input')
  if (!tick) return
  e.preventDefault()
  tick.click()
})
