// The portal handles going back, so pages of the frame add nothing to the history.
addEventListener('htmx:before:history:update', e => { e.detail.history.type = 'replace' }, true)

addEventListener('click', async e => {
  const hook = e.target.closest('[data-open-path],[data-close],[data-missing],[data-insert]')
  if (!hook || page.bridge !== '' || e.ctrlKey || e.metaKey) return
  e.preventDefault()
  const { openPath: path, insert: text, missing } = hook.dataset
  if (path) (await call('openPath', { path }, 0))?.result === 'error' && open(origin + path)
  else if (text) call('im:setImTextareaContent', { text, withNewLine: true })
  else if (missing) addPeople(hook, await call('selectAccess', {}, 0))
  else call('closeApplication')
})

// The people search knows departments and groups.
async function addPeople(button, chosen) {
  const target = document.getElementById('q-list'), value = []
  for (const { id, name } of chosen ?? []) {
    const [, kind, n] = /^(I?U|D|SG)R?(\d+)/.exec(id) ?? []
    const type = { D: 'department', SG: 'group' }[kind]
    const label = name.replace(/:[^:]*$/, '')
    if (type) await htmx.ajax('GET', '/people?q=' + encodeURIComponent(label), { target, swap: 'innerHTML' })
    const ids = type ? document.getElementById(`o-${type}-${n}-all`)?.dataset.id : n
    if (ids) value.push(ids)
    else button.nextElementSibling.value = button.dataset.missing.replace('{name}', label)
  }
  target.replaceChildren()
  if (!value[0]) return
  Object.assign(button, { name: 'who', value })
  button.form.requestSubmit(button)
}

if (document.querySelector('[data-install-finish]')) call('setInstallFinish')
