// Cuts icons out of @bitrix24/b24icons-vue, which has them only as render
// functions, and writes one SVG sprite to standard output. vendor.sh runs it.
import { readFileSync } from 'node:fs'

const icons = {
  people: 'ThreePersons', person: 'Person', search: 'Search', cross: 'CrossS', clock: 'Clock',
  slots: 'CalendarWithSlots', earth: 'EarthWithClock', left: 'ChevronLeftM', right: 'ChevronRightM',
  link: 'Link', check: 'CheckM', info: 'InfoCircle', alert: 'Alert', settings: 'SettingsM',
  exit: 'LogOut', repeat: 'Repeat', lock: 'LockM',
}
const dir = process.argv[2]
const symbols = Object.entries(icons).map(([id, name]) => {
  const source = readFileSync(`${dir}/dist/outline/esm/${name}Icon.js`, 'utf8')
  const box = source.match(/viewBox: "([^"]+)"/)[1]
  const paths = [...source.matchAll(/_createElementVNode\("path", \{([^}]*)\}/g)].map(([, attributes]) => {
    const rule = /"fill-rule": "evenodd"/.test(attributes) ? ' fill-rule="evenodd" clip-rule="evenodd"' : ''
    return `<path${rule} d="${attributes.match(/\bd: "([^"]+)"/)[1]}"/>`
  })
  if (!paths.length) throw new Error(`no path in ${name}`)
  return `<symbol id="${id}" viewBox="${box}">${paths.join('')}</symbol>`
})
process.stdout.write(`<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join('\n')}\n</svg>\n`)
