// Package static holds the embedded files of the pages (style, scripts, icons)
// and serves them under addresses that contain their fingerprint, so that
// browsers may keep them for ever.
//
//	static.go    URL and Handler
//	bundle.go    which sources make which file, joined, minified and compressed
//	icon.go      a drawing of the sprite, to stand in a page itself
//	css/         the style, by hand, in cascade layers: app.css, and guest.css for guests
//	js/app/      for those who are signed in: people picker, arrow keys, copying, drafts: app.js
//	js/frame/    in the portal's frame, the bridge to the portal around it: frame.js
//	js/session/  in the portal's frame, the session where no cookie is kept: session.js
//	js/guest/    for guests, whose clock it is: zone.js
//	icons/       the logo, and the sprite that sprite.mjs makes out of @bitrix24/b24icons-vue
//	vendor/      htmx and its extension, copied from npm by vendor.sh with checksums: htmx.js
package static
