// A day that is typed is complete when its field is left: until then its year is 2, 20 and 202.
const typing = new Map() // date fields and what they held before somebody typed
const isDay = field => field.matches?.('#filters input[type=date]')
const isWhole = field => field.valueAsDate ? field.valueAsDate.getUTCFullYear() >= 1970 : !field.validity.badInput
document.addEventListener('focusin', e => { if (isDay(e.target)) typing.set(e.target, { before: e.target.value, keys: false }) })
document.addEventListener('keydown', e => {
  const field = typing.get(e.target)
  if (field && e.key !== 'Tab') field.keys = e.key !== 'Enter'
  if (field && e.key === 'Enter') field.before = e.target.value
}, true)
document.addEventListener('change', e => {
  const field = typing.get(e.target)
  if (field?.keys) e.stopPropagation()
  else if (field) field.before = e.target.value
}, true)
document.addEventListener('focusout', e => {
  const field = typing.get(e.target)
  typing.delete(e.target)
  if (field?.keys && e.target.value !== field.before && isWhole(e.target)) e.target.dispatchEvent(new Event('change', { bubbles: true }))
})
