// Opens this page in a tab of its own, with a code that works once.
async function openInTab(e) {
  e.preventDefault()
  const answer = await fetch('/frame/out', { method: 'POST', headers: { 'Accept': 'application/json', 'X-Frame-Session': frameToken } })
  if (!answer.ok) return void visit(location.pathname + location.search, {})
  keepToken(answer.headers)
  const form = Object.assign(document.createElement('form'), { action: '/open', method: 'post', target: '_blank', rel: 'noopener', hidden: true })
  for (const [name, value] of [['code', (await answer.json()).code], ['next', e.target.dataset.out || location.pathname + location.search]]) {
    form.append(hidden(name, value))
  }
  document.body.append(form)
  form.submit()
  form.remove()
}
