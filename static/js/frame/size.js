// Tells the portal the height and title. The steps per action are limited, because a page
// may grow with its frame.
let timer, steps, height, title
function fit() {
  clearTimeout(timer)
  timer = setTimeout(() => {
    if (title !== document.title) call('setTitle', { title: title = document.title })
    const now = document.body.scrollHeight
    if (now !== height && steps-- > 0) call('resizeWindow', { width: '100%', height: height = now })
  }, 80)
}
function changed() {
  steps = 5
  fit()
  // Only a chat answers this. The text of the message is not used.
  if (!page.chat && document.querySelector('[data-insert]')) call('im:getImTextareaContent').then(said => { if (said) page.chat = 'in' })
}
for (const type of ['click', 'input', 'toggle', 'htmx:after:swap']) addEventListener(type, changed, true)
new ResizeObserver(fit).observe(document.body)
changed()
