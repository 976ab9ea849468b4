// Links to other views of the search replace the page without loading it anew.
document.addEventListener('click', e => {
  const href = plainLink(e)?.getAttribute('href')
  if (!href?.startsWith('/find?') || !window.htmx || !document.getElementById('page')) return
  e.preventDefault()
  show(href)
})

// show replaces the page by another view of the search.
function show(href) {
  if (window.htmx) htmx.ajax('GET', href, { target: '#page', select: '#page', swap: 'outerMorph', push: 'true' })
  else location.assign(href)
}

// The link that a click opens in this tab, unless another handler took the click.
function plainLink(e) {
  return e.defaultPrevented || e.button || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey ? null : e.target.closest('a')
}
