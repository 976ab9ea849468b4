// The page around the apps. Like Bitrix24's page it answers messages of frames only
// if they come from the app's registered origin and name a session that it knows.
// Commands that are unknown, or denied in this place, get no answer either.
const bare = document.body.classList.contains('bare')
const apps = [...document.querySelectorAll('[data-app]')].map(box => ({
  ...JSON.parse(box.dataset.app), box, frame: box.querySelector('iframe'), listeners: {},
}))
for (const app of apps) app.box.querySelector('form').submit()

addEventListener('message', e => {
  const said = read(e.data)
  if (!said) return
  const app = apps.find(a => a.sid === said.sid)
  const command = app && commandsOf(app)[said.command]
  let outcome = 'taken'
  if (!app) outcome = 'unknown session'
  else if (e.origin !== app.origin) outcome = 'foreign origin'
  else if (said.malformed) outcome = 'malformed'
  else if (!command) outcome = 'unknown command'
  else if (app.denied.includes(said.command)) outcome = 'denied'
  note({ placement: app?.placement ?? '', origin: e.origin, command: said.command, params: said.json, outcome })
  if (outcome !== 'taken') return
  command(app, said.params, value => {
    if (said.callback) app.frame.contentWindow?.postMessage(said.callback + ':' + (value === undefined ? '' : JSON.stringify(value)), app.origin)
  }, said)
})

// read splits command:JSON:callback:session. A command whose name has a colon comes
// as an object instead.
function read(data) {
  if (typeof data === 'object' && typeof data?.method === 'string') {
    const { method, params, callback, appSid, requestId } = data
    return { command: method, params: params ?? {}, json: JSON.stringify(params ?? {}), callback, sid: appSid, requestId }
  }
  if (typeof data !== 'string') return null
  const parts = data.split(':')
  if (parts.length < 3) return null
  const command = parts.shift(), sid = parts.pop(), callback = parts.pop(), json = parts.join(':')
  try {
    return { command, sid, callback, json, params: json ? JSON.parse(json) : {} }
  } catch {
    return { command, sid, callback, json, malformed: true }
  }
}

// The simulator keeps all messages, for tests and for its own page.
function note(message) {
  fetch('/sim/messages', { method: 'POST', body: JSON.stringify(message), keepalive: true }).catch(() => {})
}

const echo = (app, params, answer) => answer(params)
const post = (app, what) => fetch(`/marketplace/app/${encodeURIComponent(app.clientId)}/${what}`, { method: 'POST' })

// The commands of every place.
const general = {
  getInitData(app, _, answer) {
    answer(app.init)
    app.init.FIRST_RUN = false
  },
  getInterface(app, _, answer) {
    answer({ command: Object.keys(special[app.placement]?.commands ?? {}).filter(c => !c.includes(':')), event: special[app.placement]?.events ?? [] })
  },
  setInstall: echo,
  async setInstallFinish(app) {
    const done = (await post(app, 'finish')).ok
    const to = new URL(location)
    to.searchParams.set('install_finished', done ? 'Y' : 'N')
    location.assign(to)
  },
  async refreshAuth(app, _, answer) {
    const response = await post(app, 'auth')
    if (!response.ok) return
    const tokens = await response.json()
    Object.assign(app.init, tokens)
    answer(tokens)
  },
  resizeWindow(app, { width, height }, answer) {
    app.frame.style.width = width === '100%' ? width : (parseInt(width) || 100) + 'px'
    if (parseInt(height)) app.frame.style.height = parseInt(height) + 'px'
    const box = app.frame.getBoundingClientRect()
    answer({ width: box.width, height: box.height })
  },
  setTitle(app, params, answer) {
    document.querySelector('[data-title]').textContent = document.title = params.title
    answer(params)
  },
  setScroll(app, params, answer) {
    if (params.scroll >= 0) scrollTo(scrollX, parseInt(params.scroll))
    answer(params)
  },
  setUserOption: echo,
  setAppOption(app, { name, value }, answer) {
    if (app.admin) answer({ [name]: value })
  },
  async selectUser(app, { mult }, answer) {
    const chosen = (await choose('Select people', p => p.code.startsWith('U'), !!mult))
      .map(({ id, name, photo, position, url }) => ({ id, name, photo, position, url, sub: false, sup: false }))
    answer(mult ? chosen : chosen[0])
  },
  async selectAccess(app, { value = [] }, answer) {
    const chosen = await choose('Select people and departments', p => !value.includes(p.code), true)
    answer(chosen.map(({ code, name }) => ({ provider: code.startsWith('U') ? 'user' : 'intranet', id: code, name })))
  },
  reloadWindow: () => location.reload(),
  openApplication(app, params, answer) {
    const own = new URLSearchParams(Object.entries(params).filter(([name]) => !name.startsWith('bx24_')))
    slide(`/marketplace/app/${encodeURIComponent(app.clientId)}/?${own}`, () => answer())
  },
  closeApplication: () => closeSlide(),
  openPath(app, { path }, answer) {
    if (!/^\/(crm\/(deal|lead|contact|company|type)|marketplace|company\/personal\/user\/\d+|workgroups\/group\/\d+)\//.test(path ?? '')) {
      return answer({ result: 'error', errorCode: 'PATH_NOT_AVAILABLE' })
    }
    slide(path + (path.includes('?') ? '&' : '?') + 'from=rest_placement&from_app=' + encodeURIComponent(app.code), () => answer({ result: 'close' }))
  },
  imOpenMessenger: (app, { dialogId }) => { location.href = '/online/?IM_DIALOG=' + encodeURIComponent(dialogId ?? '') },
}

function placementBindEvent(app, { event }, answer) {
  if (special[app.placement].events?.includes(event)) (app.listeners[event] ??= []).push(answer)
}

// The commands and events of single places.
const eventPath = id => `/company/personal/user/${location.pathname.split('/')[4]}/calendar/?EVENT_ID=${id}`
const showEvent = (app, { id, uid }, answer) => {
  const known = app.loaded?.includes(Number(id ?? uid)) ?? false
  if (known) slide(eventPath(Number(id ?? uid)))
  answer({ result: known })
}
const messageField = () => document.querySelector('[data-message]')
const special = {
  CALENDAR_GRIDVIEW: {
    events: ['refreshEntries', 'decreaseViewRangeDate', 'increaseViewRangeDate', 'adjustToDate'].map(e => 'Calendar.customView:' + e),
    commands: { getEvents: (app, _, answer) => answer([]), viewEvent: showEvent, editEvent: showEvent, addEvent: (app, _, answer) => answer({ result: true }), deleteEvent: () => {} },
  },
  // The messenger listens for itself; it needs a number for each request.
  IM_TEXTAREA: {
    commands: {
      'im:getImTextareaContent': (app, _, answer, { requestId }) => requestId && answer({ requestId, text: messageField().value }),
      'im:setImTextareaContent': (app, { text = '', withNewLine = false, replace = false }, answer, { requestId }) => {
        if (!requestId) return
        const field = messageField()
        field.value = replace ? text : field.value + (withNewLine && field.value ? '\n' : '') + text
        answer({ requestId, success: true })
      },
    },
  },
}

function commandsOf(app) {
  return app.placement === 'DEFAULT' ? general : { ...general, placementBindEvent, ...special[app.placement]?.commands }
}

// The calendar's arrows while an app's view is shown.
for (const control of document.querySelectorAll('[data-calendar]')) {
  control.addEventListener(control.matches('input') ? 'change' : 'click', () => {
    for (const app of apps) for (const tell of app.listeners[control.dataset.calendar] ?? []) tell(control.matches('input') ? control.value : {})
  })
}

// Sliders lie over the outermost page of the portal.
const outer = outermost()
function outermost() {
  let page = window
  while (page !== page.parent) {
    try { page.parent.location.origin } catch { break }
    page = page.parent
  }
  return page
}
outer.slides ??= []
function slide(path, closed) {
  const doc = outer.document, dialog = doc.createElement('dialog'), frame = doc.createElement('iframe'), close = doc.createElement('button')
  const url = new URL(path, location)
  url.searchParams.set('IFRAME', 'Y')
  url.searchParams.set('IFRAME_TYPE', 'SIDE_SLIDER')
  frame.src = url
  frame.title = 'Slider'
  dialog.className = 'slide'
  close.className = 'close'
  close.textContent = '×'
  close.setAttribute('aria-label', 'Close')
  dialog.append(frame, close)
  close.onclick = () => dialog.close()
  dialog.onclose = () => {
    outer.slides = outer.slides.filter(d => d !== dialog)
    dialog.remove()
    closed?.()
  }
  doc.body.append(dialog)
  outer.slides.push(dialog)
  dialog.showModal()
}
function closeSlide() {
  if (bare) outer.slides.at(-1)?.close()
}
if (document.body.dataset.slide) slide(document.body.dataset.slide)
document.addEventListener('click', e => {
  const link = e.target.closest('a')
  if (!link || e.ctrlKey || e.metaKey || e.shiftKey || link.origin !== location.origin) return
  if (link.matches('[data-slider]')) {
    e.preventDefault()
    slide(link.href)
  } else if (bare) { // what is in a slider stays bare
    e.preventDefault()
    const url = new URL(link.href)
    url.searchParams.set('IFRAME', 'Y')
    location.assign(url)
  }
})

// choose shows the portal's own selector. It answers only if it is closed by its
// button.
async function choose(title, fits, several) {
  const all = (await (await fetch('/sim/people')).json()).filter(fits)
  const dialog = document.createElement('dialog')
  dialog.className = 'pick'
  dialog.innerHTML = '<form method="dialog"><h2></h2><input type="search" aria-label="Search"><ul></ul><p class="row"><button class="btn main" value="ok">Select</button><button class="btn" value="" formnovalidate>Cancel</button></p></form>'
  dialog.querySelector('h2').textContent = title
  const list = dialog.querySelector('ul'), search = dialog.querySelector('[type=search]')
  for (const item of all) {
    const row = document.createElement('li'), label = document.createElement('label'), tick = document.createElement('input')
    tick.type = several ? 'checkbox' : 'radio'
    tick.name = 'who'
    tick.value = item.code
    label.append(tick, item.name)
    row.append(label)
    list.append(row)
  }
  search.oninput = () => [...list.children].forEach(row => { row.hidden = !row.textContent.toLowerCase().includes(search.value.toLowerCase()) })
  document.body.append(dialog)
  dialog.showModal()
  return new Promise(resolve => {
    dialog.onclose = () => {
      const codes = [...list.querySelectorAll(':checked')].map(tick => tick.value)
      dialog.remove()
      if (dialog.returnValue === 'ok' && (several || codes.length)) resolve(all.filter(item => codes.includes(item.code)))
    }
  })
}
