// A portal that does not answer counts as one that has nothing.
const [host, secure] = window.name.split('|')
const ask = command => portal(command, {}, 5000) // see frame/portal.js

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
  frameToken = (await answer.json()).session
  return true
}

// A page that says that the session has ended is replaced by the one asked for as
// soon as there is a new session.
async function renewed() {
  const page = document.querySelector('[data-session-ended]:not([data-tried])')
  if (!page) return
  page.dataset.tried = ''
  const button = page.querySelector('[data-again]'), head = page.querySelector('h1'), said = head.textContent
  const attempt = async () => {
    head.textContent = head.dataset.wait
    if (await renew()) return void (page.isConnected && visit(page.dataset.sessionEnded, {}))
    head.textContent = said
    button.hidden = false
  }
  button.addEventListener('click', attempt)
  if (page.hasAttribute('data-renew')) attempt()
}

renewed()
