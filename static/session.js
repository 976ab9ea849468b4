// Inside the portal's frame: keeps the session alive, also in a browser that keeps no
// cookie for us there. Everything the portal knows is asked of it anew; nothing is
// stored, and no address ever holds a secret.

// The pass that stands in for the cookie. Where there is one, the page says in whose
// frame it is: another portal may have put its own cookie into the jar meanwhile.
const cookie = 'cookie ' + (document.documentElement.dataset.portal ?? '')
let pass = document.querySelector('meta[name=frame-session]')?.content ?? cookie

document.addEventListener('htmx:config:request', e => {
  const { request, sourceElement: from } = e.detail.ctx
  request.headers['X-Frame-Session'] = pass
  if (from.matches('#filters, body')) loading.abort() // a search that somebody asked for
})
document.addEventListener('htmx:before:response', e => keep(e.detail.ctx.response.headers))
document.addEventListener('htmx:after:swap', renewed)

// An answer to a request with a pass brings the next one; without, the cookie has come.
function keep(headers) {
  if (pass !== cookie) pass = headers.get('X-Frame-Session') ?? pass
}

// A portal that stays silent gives nothing.
const [host, secure] = window.name.split('|')
const ask = command => portal(command, {}, 5000) // see frame.js

// Signs in with the tokens that the portal has for us now.
async function renew() {
  const init = await ask('getInitData')
  const tried = init && await enter(init)
  if (!init || tried) return tried
  const fresh = await ask('refreshAuth')
  return fresh && enter({ ...init, ...fresh })
}

async function enter(said) {
  const body = new URLSearchParams({
    AUTH_ID: said.AUTH_ID ?? '', AUTH_EXPIRES: said.AUTH_EXPIRES ?? '', REFRESH_ID: said.REFRESH_ID ?? '',
    member_id: said.MEMBER_ID ?? '', PLACEMENT: said.PLACEMENT ?? '',
  })
  const query = new URLSearchParams({ DOMAIN: host, PROTOCOL: secure, LANG: said.LANG ?? '' })
  const answer = await fetch('/frame?' + query, { method: 'POST', body, headers: { Accept: 'application/json' } }).catch(() => null)
  if (!answer?.ok) return false
  pass = (await answer.json()).session
  return true
}

// A page that says that the session has ended is replaced by the one asked for as
// soon as there is a new session.
async function renewed() {
  const page = document.querySelector('[data-threshold]:not([data-tried])')
  if (!page) return
  page.dataset.tried = ''
  const button = page.querySelector('[data-again]'), head = page.querySelector('h1'), said = head.textContent
  const attempt = async () => {
    head.textContent = head.dataset.wait
    if (await renew()) return void (page.isConnected && visit(page.dataset.threshold, {}))
    head.textContent = said
    button.hidden = false
  }
  button.addEventListener('click', attempt)
  if (page.hasAttribute('data-renew')) attempt()
}

// Shows a page without leaving the document, which holds the pass. As with pages that a
// browser loads, only the last one asked for comes. A name that is being typed into
// the people search is looked for again.
let loading = new AbortController()
async function visit(url, options) {
  loading.abort()
  const { signal } = loading = new AbortController()
  const answer = await fetch(url, { ...options, signal, headers: { 'Accept': 'text/html', 'X-Frame-Session': pass } }).catch(() => null)
  const text = await answer?.text().catch(() => null)
  if (signal.aborted || text == null) return
  const sent = answer.headers.get('X-Frame-Session')
  pass = sent ?? cookie
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
  document.body.dispatchEvent(new CustomEvent('htmx:after:swap', { bubbles: true })) // what else looks after new content
}

// With a pass, links and forms go through visit: a plain one would lose the session.
const ours = url => new URL(url, location.href).origin === location.origin
document.addEventListener('click', e => {
  const link = e.target.closest('a[href]')
  if (pass === cookie || !link || e.defaultPrevented || e.button || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey) return
  if (link.target || link.hasAttribute('download') || link.getAttribute('href').startsWith('#') || !ours(link.href)) return
  e.preventDefault()
  visit(link.href, {})
})
document.addEventListener('submit', e => {
  const form = e.target
  if (form.matches('[data-out]')) return out(e)
  if (e.defaultPrevented || form.target || form.matches('[hx-get], [hx-post]') || !ours(form.action)) return
  if (pass === cookie) return void (form.method === 'post' && form.append(hidden('frame_session', cookie)))
  e.preventDefault()
  const values = new URLSearchParams(new FormData(form, e.submitter))
  if (form.method === 'post') visit(form.action, { method: 'POST', body: values })
  else visit(form.action.split('?')[0] + '?' + values, {})
})

const hidden = (name, value) => Object.assign(document.createElement('input'), { type: 'hidden', name, value })

// So would loading the page anew.
window.navigation?.addEventListener('navigate', e => {
  if (pass === cookie || e.navigationType !== 'reload' || !e.canIntercept) return
  e.intercept({ handler: () => visit(location.pathname + location.search, {}) })
})

// Opens this very page in a tab of its own, with a code that works once.
async function out(e) {
  e.preventDefault()
  const answer = await fetch('/frame/out', { method: 'POST', headers: { 'Accept': 'application/json', 'X-Frame-Session': pass } })
  if (!answer.ok) return void visit(location.pathname + location.search, {})
  keep(answer.headers)
  const form = Object.assign(document.createElement('form'), { action: '/open', method: 'post', target: '_blank', rel: 'noopener', hidden: true })
  for (const [name, value] of [['code', (await answer.json()).code], ['next', e.target.dataset.out || location.pathname + location.search]]) {
    form.append(hidden(name, value))
  }
  document.body.append(form)
  form.submit()
  form.remove()
}

renewed()
