// Package web answers HTTP. It is the only package that knows Echo and
// gorilla/sessions; it knows neither SQL nor Bitrix24.
//
//	anyone        GET /  /healthz  /readyz  /static/…
//	signing in    GET /login → the portal → GET /bitrix24?code=…&state=…
//	portals       POST /bitrix24  /bitrix24/install   HEAD the same
//	their frames  POST /frame  /frame/out  /open
//	the cloud     POST /bitrix24/events
//	signed in     GET /find  /people  /photo/ID  /faces/IDS  /live  /hours  /groups  /settings
//	              POST /hours  /groups  /groups/delete  /settings  /logout
//	              GET /links  /links/new  /links/ID
//	              POST /links  /links/ID  /links/ID/pause  …/resume  …/revoke  …/delete
//	with a link   GET /s/TOKEN  /s/TOKEN.ics
//
// What is where:
//
//   - web.go, route.go: the server and all its routes on one screen.
//   - middleware.go, metrics.go: what happens to every request: log, headers,
//     limits, the refusal of changes that come from other sites.
//   - session.go: sessions live in the database, the browser has a signed id.
//   - signin.go: landing page, sign-in, callback, logout.
//   - launch.go, placement.go, install.go: portals open the app in their frame, from
//     places that decide what it shows, and administrators set it up.
//   - frame.go: sessions in that frame, with and without cookies, and the way out.
//   - find.go, edit.go, view.go, answer.go: the search page: its URL, the buttons
//     of its form, what templates are given, and the JSON form.
//   - search.go: searches in the background, which go on while a page says how far
//     they are, and asks again.
//   - people.go, photo.go, faces.go: the people search and their faces.
//   - groups.go: the people whom somebody keeps.
//   - hours.go: the page on which people set their working time.
//   - settings.go: what administrators decide for their portal.
//   - links.go, share.go: links to free times: their owners' pages, and what guests see.
//   - body.go: forms, and JSON in their place.
//   - allowance.go: how often a network may do something, kept in memory.
//   - event.go, live.go: what Bitrix24 tells of a portal and its calendars, and the
//     event stream that passes it on to open pages.
//   - security.go: which refusals the security log tells.
//   - error.go: the one table from kinds of errors to statuses, and the one place
//     that shows errors; requestid.go: the number by which the log has them.
//   - render.go: languages, layouts, rendering.
//
// Handlers return errors and never write them.
package web
