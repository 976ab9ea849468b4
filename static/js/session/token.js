// Inside the portal's frame: keeps the session alive, also in a browser that keeps no
// cookie for us there. Everything the portal knows is asked of it anew; nothing is
// stored, and no address holds a secret, but for photos, which theirs opens for an hour.

// The token that replaces the cookie. With a cookie, the value names the portal of the
// frame: another portal may have set its own cookie meanwhile.
const cookie = 'cookie ' + (document.documentElement.dataset.portal ?? '')
let frameToken = document.querySelector('meta[name=frame-session]')?.content ?? cookie

document.addEventListener('htmx:config:request', e => {
  const { request, sourceElement: from } = e.detail.ctx
  request.headers['X-Frame-Session'] = frameToken
  if (from.matches('#filters, body')) loading.abort() // a search that somebody asked for
})
document.addEventListener('htmx:before:response', e => keepToken(e.detail.ctx.response.headers))
document.addEventListener('htmx:after:swap', renewed)

// An answer to a request with a token brings the next one; without one, the browser has a cookie.
function keepToken(headers) {
  if (frameToken !== cookie) frameToken = headers.get('X-Frame-Session') ?? frameToken
}
