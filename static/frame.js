// The bridge to the portal around a frame; pages work without it. Hooks:
//   <html data-portal=ORIGIN>  whom to talk to, else the frame's name says it, as
//                              Bitrix24's own library takes it; .in-portal shows once it answers
//   <… data-open-path=PATH>    opens in its slider; <… data-close> closes that
//   <button data-select-people data-missing="… {name}"><output>
//   <button data-insert=TEXT>  into the chat's message; .in-chat shows where there is one
//   <… data-install-finish>    the installation is done
const page = document.documentElement.dataset
const [host, secure, sid] = name.split('|')
const origin = page.portal ?? (secure === '1' ? 'https://' : 'http://') + host
const waiting = {}
let last = Date.now() // ids of the page before must not come again

addEventListener('message', e => {
  if (e.origin !== origin || e.source !== parent) return
  const [, id, json] = /^(f\d+):(.*)$/s.exec(e.data) ?? []
  try { waiting[id]?.(JSON.parse(json || null)) } catch {}
})

// call resolves to null after limit ms of silence; 0 waits as long as people take.
self.portal = call // session.js asks, too
function call(method, params = {}, limit = 3000, each) {
  return new Promise(resolve => {
    if (!sid || parent === self) return resolve(null)
    const id = 'f' + ++last
    waiting[id] = each ?? resolve
    if (limit) setTimeout(resolve, limit, null)
    parent.postMessage(method.includes(':')
      ? { method, params, requestId: id, callback: id, appSid: sid }
      : [method, JSON.stringify(params), id, sid].join(':'), origin)
  })
}

// Few steps per action: a page may grow with its frame.
let timer, steps, height, title
function fit() {
  clearTimeout(timer)
  timer = setTimeout(() => {
    if (title !== document.title) call('setTitle', { title: title = document.title })
    const now = document.body.scrollHeight
    if (now !== height && steps-- > 0) call('resizeWindow', { width: '100%', height: height = now })
  }, 80)
}
function act() {
  steps = 5
  fit()
  // Only a chat answers this; what stands in the message is of no interest.
  if (!page.chat && document.querySelector('[data-insert]')) call('im:getImTextareaContent').then(said => { if (said) page.chat = 'in' })
}
for (const type of ['click', 'input', 'toggle', 'htmx:after:swap']) addEventListener(type, act, true)
new ResizeObserver(fit).observe(document.body)
act()

// Going back is the portal's matter.
addEventListener('htmx:before:history:update', e => { e.detail.history.type = 'replace' }, true)

addEventListener('click', async e => {
  const hook = e.target.closest('[data-open-path],[data-close],[data-missing],[data-insert]')
  if (!hook || page.bridge !== '' || e.ctrlKey || e.metaKey) return
  e.preventDefault()
  const { openPath: path, insert: text, missing } = hook.dataset
  if (path) (await call('openPath', { path }, 0))?.result === 'error' && open(origin + path)
  else if (text) call('im:setImTextareaContent', { text, withNewLine: true })
  else if (missing) add(hook, await call('selectAccess', {}, 0))
  else call('closeApplication')
})

// The people search knows departments and groups.
async function add(button, chosen) {
  const target = document.getElementById('q-list'), value = []
  for (const { id, name } of chosen ?? []) {
    const [, kind, n] = /^(I?U|D|SG)R?(\d+)/.exec(id) ?? []
    const type = { D: 'department', SG: 'group' }[kind]
    const circle = name.replace(/:[^:]*$/, '')
    if (type) await htmx.ajax('GET', '/people?q=' + encodeURIComponent(circle), { target, swap: 'innerHTML' })
    const ids = type ? document.getElementById(`o-${type}-${n}-all`)?.dataset.id : n
    if (ids) value.push(ids)
    else button.nextElementSibling.value = button.dataset.missing.replace('{name}', circle)
  }
  target.replaceChildren()
  if (!value[0]) return
  Object.assign(button, { name: 'who', value })
  button.form.requestSubmit(button)
}

// The calendar moves the period.
function move(steps, to) {
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
    if (way) call('placementBindEvent', { event }, 0, day => way === 'ad' ? move(0, Date.parse(day)) : move(way === 'in' ? 1 : -1))
  }
})

if (document.querySelector('[data-install-finish]')) call('setInstallFinish')
