// Works out what each language calls the city of a time zone, taken from CLDR. It
// lists those that are not called what the zone's own name says.
// Run by hand, with the folder in which npm has installed cldr-dates-full@48.2.0 and
// cldr-bcp47@48.2.0: node internal/locale/cities.mjs FOLDER. It writes cities.json
// beside itself.
import { readFileSync, writeFileSync } from 'node:fs'

const languages = ['en', 'ru', 'de', 'es', 'pt-BR', 'fr', 'pl', 'tr', 'uk', 'it']
const cldr = { 'pt-BR': 'pt' }
const read = path => JSON.parse(readFileSync(process.argv[2] + '/node_modules/' + path))

// The other names of a zone that CLDR knows by one.
const aliases = Object.values(read('cldr-bcp47/bcp47/timezone.json').keyword.u.tz)
  .flatMap(zone => zone._alias ? [zone._alias.split(' ')] : []).filter(names => names[0].includes('/'))
const same = new Map(aliases.map(names => [names[0], names]))

// The tree of a language as pairs of zone and city.
function flat(tree, path = []) {
  if (tree._type === 'zone') return tree.exemplarCity ? [[path.join('/'), tree.exemplarCity.replaceAll('\u00ad', '')]] : []
  return Object.entries(tree).flatMap(([name, below]) => flat(below, [...path, name]))
}

const out = {}
for (const language of languages) {
  const tag = cldr[language] ?? language
  const known = flat(read(`cldr-dates-full/main/${tag}/timeZoneNames.json`).main[tag].dates.timeZoneNames.zone)
  const cities = known.flatMap(([zone, city]) => (same.get(zone) ?? [zone]).map(name => [name, city]))
    .filter(([name, city]) => name.includes('/') && !name.startsWith('Etc/') && city !== name.split('/').at(-1).replaceAll('_', ' '))
  out[language] = Object.fromEntries(cities.sort(([a], [b]) => a < b ? -1 : 1))
}
writeFileSync(new URL('cities.json', import.meta.url), JSON.stringify(out, null, 1) + '\n')
