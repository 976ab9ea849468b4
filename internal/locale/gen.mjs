// Works out how each language writes days and times, taken from
// Intl (CLDR 48).
// Run by hand: node internal/locale/gen.mjs. It writes dates.json and regions.json beside
// itself, and testdata/intl.json.gz, what Intl itself writes, for the test.
const languages = ['en', 'ru', 'de', 'es', 'pt-BR', 'fr', 'pl', 'tr', 'uk', 'it']
const intl = { en: 'en-GB' }
const region = { en: 'GB', ru: 'RU', de: 'DE', es: 'ES', 'pt-BR': 'BR', fr: 'FR', pl: 'PL', tr: 'TR', uk: 'UA', it: 'IT' }
const shapes = {
  dayLong: { weekday: 'long', day: 'numeric', month: 'long' },
  dayShort: { weekday: 'short', day: 'numeric', month: 'short' },
  monthYear: { month: 'long', year: 'numeric' },
  dayMonth: { day: 'numeric', month: 'short' },
  weekday: { weekday: 'short' },
  time: { hour: '2-digit', minute: '2-digit' },
  time12: { hour: 'numeric', minute: '2-digit', hour12: true },
  date: { day: 'numeric', month: 'short', year: 'numeric' },
}
const plain = s => s.replace(/[\u202f\u00a0]/g, ' ').replace(/\u200f|\u200e/g, '')
const year = 2024
const days = Array.from({ length: 366 }, (_, i) => new Date(Date.UTC(year, 0, 1 + i, 21, 7)))

function pattern(tag, options) {
  const f = new Intl.DateTimeFormat(tag, { ...options, timeZone: 'UTC' })
  return f.formatToParts(days[70]).map(p => {
    switch (p.type) {
      case 'literal': return plain(p.value)
      case 'weekday': return '{weekday}'
      case 'month': return '{month}'
      case 'day': return '{day}'
      case 'year': return '{year}'
      case 'hour': return options.hour12 ? '{hour12}' : '{hour2}'
      case 'minute': return '{minute2}'
      case 'dayPeriod': return '{half}'
      default: throw new Error(tag + ' ' + p.type)
    }
  }).join('')
}
const part = (tag, options, type, date) =>
  plain(new Intl.DateTimeFormat(tag, { ...options, timeZone: 'UTC' }).formatToParts(date).find(p => p.type === type)?.value ?? '')

const out = {}
for (const language of languages) {
  const tag = intl[language] ?? language
  const entry = { patterns: {}, months: {}, weekdays: {} }
  const info = new Intl.Locale('und-' + region[language])
  const week = info.getWeekInfo?.() ?? info.weekInfo
  entry.firstDay = week.firstDay % 7
  for (const [name, options] of Object.entries(shapes)) {
    entry.patterns[name] = pattern(tag, options)
    if (options.month) entry.months[name] = Array.from({ length: 12 }, (_, m) => part(tag, options, 'month', new Date(Date.UTC(year, m, 11))))
    if (options.weekday) entry.weekdays[name] = Array.from({ length: 7 }, (_, d) => part(tag, options, 'weekday', new Date(Date.UTC(year, 8, 1 + d)))) // 1 September 2024 is a Sunday
  }
  entry.halves = [9, 21].map(h => part(tag, shapes.time12, 'dayPeriod', new Date(Date.UTC(year, 0, 1, h))))
  out[language] = entry
}
const samples = {}
for (const language of languages) {
  samples[language] = {}
  for (const [name, options] of Object.entries(shapes)) {
    const f = new Intl.DateTimeFormat(intl[language] ?? language, { ...options, timeZone: 'UTC' })
    samples[language][name] = days.map(d => plain(f.format(d)))
  }
}
const path = await import('node:path'), fs = await import('node:fs')
const here = path.dirname(new URL(import.meta.url).pathname)
fs.writeFileSync(path.join(here, 'dates.json'), JSON.stringify(out, null, 1) + '\n')
fs.mkdirSync(path.join(here, 'testdata'), { recursive: true })
const { gzipSync } = await import('node:zlib')
fs.writeFileSync(path.join(here, 'testdata', 'intl.json.gz'), gzipSync(JSON.stringify({ year, samples }), { level: 9 }))

// What differs by region: where a language has a clock of 12 hours, and where a week does not
// begin on a Monday.
const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' })
const regions = letters.flatMap(a => letters.map(b => a + b)).filter(r => names.of(r))
const customs = { hour12: {}, firstDay: {} }
for (const language of languages) {
  const base = language.split('-')[0]
  const halved = regions.filter(r => new Intl.DateTimeFormat(base + '-' + r, { hour: 'numeric' }).resolvedOptions().hour12)
  customs.hour12[base] = halved.join(' ')
}
for (const r of regions) {
  const info = new Intl.Locale('und-' + r), week = info.getWeekInfo?.() ?? info.weekInfo
  if (week.firstDay !== 1) customs.firstDay[r] = week.firstDay % 7
}
fs.writeFileSync(path.join(here, 'regions.json'), JSON.stringify(customs, null, 1) + '\n')
