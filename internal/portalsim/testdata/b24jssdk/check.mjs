// Reads a portal with Bitrix24's own JavaScript SDK and prints what it found as
// one JSON object. The test that starts it compares that with the portal.
//
// Everything comes by the environment: PORTAL and AUTH (origins), MEMBER_ID,
// CLIENT_ID, CLIENT_SECRET, ACCESS, REFRESH, CONTROL (where a POST lets all
// access tokens expire), USERS (ids), FROM and TO (days, TO exclusive).
import { B24OAuth } from '@bitrix24/b24jssdk'
import { DateTime } from 'luxon'

const env = process.env
const users = env.USERS.split(',').map(Number)
const inAnHour = Math.floor(Date.now() / 1000) + 3600

function client({ access = env.ACCESS, refresh = env.REFRESH, expires = inAnHour } = {}) {
  const b24 = new B24OAuth(
    {
      applicationToken: '', userId: 0, memberId: env.MEMBER_ID,
      accessToken: access, refreshToken: refresh, expires, expiresIn: 3600,
      scope: 'user_brief,calendar', domain: new URL(env.PORTAL).host,
      clientEndpoint: `${env.PORTAL}/rest/`, serverEndpoint: `${env.AUTH}/rest/`, status: 'L',
    },
    { clientId: env.CLIENT_ID, clientSecret: env.CLIENT_SECRET },
  )
  b24.offClientSideWarning()
  return b24
}

const call = (b24, method, params = {}) => b24.actions.v2.call.make({ method, params })

async function data(b24, method, params) {
  const answer = await call(b24, method, params)
  if (!answer.isSuccess) throw new Error(`${method}: ${answer.getErrorMessages().join('; ')}`)
  return answer.getData().result
}

// everyone pages through user.get by the offsets that the portal tells.
async function everyone(b24) {
  const filter = { ACTIVE: true, USER_TYPE: 'employee' }
  let page = await call(b24, 'user.get', { sort: 'ID', order: 'ASC', FILTER: filter })
  const found = { total: page.getTotal(), pages: [], people: [] }
  while (page) {
    const rows = page.getData().result
    found.pages.push(rows.length)
    found.people.push(...rows.map(u => ({
      id: Number(u.ID), name: u.NAME, lastName: u.LAST_NAME, zone: u.TIME_ZONE ?? '', departments: u.UF_DEPARTMENT,
    })))
    page = await page.getNext(b24.getHttpClient('v2'))
  }
  return found
}

// busy turns one person's entries into merged [from, to) pairs of Unix seconds,
// from clock readings and zone names only, by luxon and ICU's time zones.
function busy(entries, zone, viewerOffset) {
  const day = text => DateTime.fromFormat(text.slice(0, 10), 'dd.MM.yyyy', { zone })
  const wall = (text, at) => DateTime.fromFormat(text, 'dd.MM.yyyy HH:mm:ss', { zone: at })
  const span = (e) => {
    if (e.FROM_HR) {
      if (e.DT_FROM.length === 10) return [day(e.DT_FROM), day(e.DT_TO).plus({ days: 1 })]
      return [e.DT_FROM, e.DT_TO].map(text => wall(text, 'UTC').minus({ seconds: viewerOffset }))
    }
    if (e.DT_SKIP_TIME === 'Y') return [day(e.DATE_FROM), day(e.DATE_TO).plus({ days: 1 })]
    return [wall(e.DATE_FROM, e.TZ_FROM), wall(e.DATE_TO, e.TZ_TO)]
  }
  const first = DateTime.fromISO(env.FROM, { zone: 'UTC' }).toSeconds()
  const last = DateTime.fromISO(env.TO, { zone: 'UTC' }).toSeconds()
  const spans = entries.map(e => span(e).map((t) => {
    if (!t.isValid) throw new Error(`unreadable time: ${t.invalidReason}`)
    return Math.min(Math.max(t.toSeconds(), first), last)
  })).filter(([from, to]) => from < to).sort((a, b) => a[0] - b[0])
  const merged = []
  for (const [from, to] of spans) {
    const top = merged.at(-1)
    if (top && from <= top[1]) top[1] = Math.max(top[1], to)
    else merged.push([from, to])
  }
  return merged
}

async function availability(b24, people) {
  const from = DateTime.fromISO(env.FROM).minus({ days: 45 }).toISODate()
  const to = DateTime.fromISO(env.TO).plus({ days: 1 }).toISODate()
  const viewer = await data(b24, 'calendar.user.settings.get')
  const rows = await data(b24, 'calendar.accessibility.get', { from, to, users })
  const zoneOf = id => people.find(u => u.id === id).zone
  return {
    keys: Object.keys(rows).map(Number),
    spans: Object.fromEntries(users.map(id => [id, busy(rows[id], zoneOf(id), viewer.timezoneOffsetUTC)])),
  }
}

async function batch(b24) {
  const answer = await b24.actions.v2.batch.make({
    calls: {
      me: ['profile'],
      some: { method: 'user.get', params: { FILTER: { ID: users } } },
      busy: { method: 'calendar.accessibility.get', params: { from: env.FROM, to: env.FROM, users } },
      wrong: { method: 'calendar.accessibility.get', params: { from: env.FROM, to: env.FROM } },
      none: ['no.such.method'],
    },
    options: { isHaltOnError: false, returnAjaxResult: true },
  })
  const parts = answer.getData()
  // The calendar's errors have an empty code, which the SDK takes for success:
  // only the missing result tells of them.
  const ok = key => parts[key].getData()?.result !== undefined
  return {
    me: Number(parts.me.getData().result.ID),
    some: parts.some.getData().result.map(u => Number(u.ID)).sort((a, b) => a - b),
    busy: Object.keys(parts.busy.getData().result).map(Number),
    failed: ['me', 'some', 'busy', 'wrong', 'none'].filter(key => !ok(key)),
  }
}

// refusals tells the errors of two wrong calls as the SDK understands them.
async function refusals(b24) {
  const refused = async (method, params) => {
    try {
      const answer = await call(b24, method, params)
      return answer.isSuccess ? 'none' : [...answer.getErrors()].map(e => `${e.status} ${e.code}`).join()
    } catch (e) {
      return `${e.status} ${e.code}`
    }
  }
  return { unknown: await refused('no.such.method'), incomplete: await refused('calendar.accessibility.get', { from: env.FROM }) }
}

// expiry lets the access token expire twice, before calls one by one and before
// five at once, and then makes a client that knows by its clock that its token
// is old. Calls at once may refresh more often: a late 401 does so again.
async function expiry(b24) {
  const pairs = []
  b24.setCallbackRefreshAuth(async ({ b24OAuthParams: p }) => { pairs.push([p.accessToken, p.refreshToken]) })
  const expire = () => fetch(env.CONTROL, { method: 'POST' })
  const me = async () => Number((await data(b24, 'profile')).ID)
  await expire()
  const ids = [await me(), await me()]
  const refreshes = pairs.length
  await expire()
  ids.push(...await Promise.all([me(), me(), me(), me(), me()]))
  const [access, refresh] = pairs.at(-1)

  const late = client({ access, refresh, expires: 1 })
  let lateRefreshes = 0
  late.setCallbackRefreshAuth(async () => { lateRefreshes++ })
  const lateID = Number((await data(late, 'profile')).ID)

  let reuse = 'accepted'
  try {
    await data(client({ access, refresh, expires: 1 }), 'profile')
  } catch (e) {
    reuse = `${e.originalError?.status} ${e.originalError?.code}`
  }
  return { ids, refreshes, rotated: refresh !== env.REFRESH && access !== env.ACCESS, lateID, lateRefreshes, reuse }
}

const b24 = client()
await b24.initIsAdmin()
const found = await everyone(b24)
console.log(JSON.stringify({
  admin: b24.auth.isAdmin,
  everyone: found,
  availability: await availability(b24, found.people),
  batch: await batch(b24),
  refusals: await refusals(b24),
  expiry: await expiry(b24),
}))
