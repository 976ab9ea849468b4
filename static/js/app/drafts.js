// Browsers may not store our pages, so going back would lose what was typed and not sent.
// It is kept while the tab is open and restored with the page.
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
