// The portal's calendar moves the period of the search.
function movePeriod(steps, to) {
  const [from, until] = document.querySelectorAll('#f-from, #f-to')
  const more = until?.valueAsNumber - from?.valueAsNumber
  const start = to ?? from?.valueAsNumber + steps * (more + 864e5)
  if (!(start + more)) return
  from.valueAsNumber = start
  until.valueAsNumber = start + more
  from.form.requestSubmit()
}

call('getInterface').then(place => {
  if (!place) return
  page.bridge = ''
  for (const event of place.event ?? []) {
    const [, way] = /View:(de|in|ad)/.exec(event) ?? []
    if (way) call('placementBindEvent', { event }, 0, day => way === 'ad' ? movePeriod(0, Date.parse(day)) : movePeriod(way === 'in' ? 1 : -1))
  }
})
