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
let last = Date.now() // ids of an earlier page must not be used again

addEventListener('message', e => {
  if (e.origin !== origin || e.source !== parent) return
  const [, id, json] = /^(f\d+):(.*)$/s.exec(e.data) ?? []
  try { waiting[id]?.(JSON.parse(json || null)) } catch {}
})

// call resolves to null after limit ms of silence; 0 waits as long as people take.
self.portal = call // the scripts of the session ask, too
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
