// Shows a page without leaving the document, which holds the token. As with pages that a
// browser loads, only the last one asked for comes. A name that is being typed into
// the people search is looked for again.
let loading = new AbortController()
async function visit(url, options) {
  loading.abort()
  const { signal } = loading = new AbortController()
  const answer = await fetch(url, { ...options, signal, headers: { 'Accept': 'text/html', 'X-Frame-Session': frameToken } }).catch(() => null)
  const text = await answer?.text().catch(() => null)
  if (signal.aborted || text == null) return
  const sent = answer.headers.get('X-Frame-Session')
  frameToken = sent ?? cookie
  const next = new DOMParser().parseFromString(text, 'text/html')
  document.title = next.title
  const field = document.activeElement, typed = field?.type === 'search' && field.value
  document.body.replaceChildren(...next.body.childNodes)
  window.htmx?.process(document.body)
  const at = new URL(answer.url)
  const path = at.pathname + at.search
  if (path !== location.pathname + location.search) history.pushState({ htmx: true }, '', path)
  const again = typed && document.getElementById(field.id)
  if (again) {
    again.value = typed
    again.focus()
    again.dispatchEvent(new Event('input', { bubbles: true }))
  } else document.body.querySelector('#results')?.focus()
  document.body.dispatchEvent(new CustomEvent('htmx:after:swap', { bubbles: true })) // for everything else that handles new content
}

// With a token, links and forms go through visit: a plain one would lose the session.
const ours = url => new URL(url, location.href).origin === location.origin
document.addEventListener('click', e => {
  const link = e.target.closest('a[href]')
  if (frameToken === cookie || !link || e.defaultPrevented || e.button || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey) return
  if (link.target || link.hasAttribute('download') || link.getAttribute('href').startsWith('#') || !ours(link.href)) return
  e.preventDefault()
  visit(link.href, {})
})
document.addEventListener('submit', e => {
  const form = e.target, action = e.submitter?.getAttribute('formaction') ?? form.action
  if (form.matches('[data-out]')) return openInTab(e)
  if (e.defaultPrevented || form.target || form.matches('[hx-get], [hx-post]') || !ours(action)) return
  if (frameToken === cookie) return void (form.method === 'post' && form.append(hidden('frame_session', cookie)))
  e.preventDefault()
  const values = new URLSearchParams(new FormData(form, e.submitter))
  if (form.method === 'post') visit(action, { method: 'POST', body: values })
  else visit(action.split('?')[0] + '?' + values, {})
})

const hidden = (name, value) => Object.assign(document.createElement('input'), { type: 'hidden', name, value })

// So would a reload.
window.navigation?.addEventListener('navigate', e => {
  if (frameToken === cookie || e.navigationType !== 'reload' || !e.canIntercept) return
  e.intercept({ handler: () => visit(location.pathname + location.search, {}) })
})
