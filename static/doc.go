// Package static holds the embedded files of the pages (style, script, icons)
// and serves them under addresses that contain their fingerprint, so that
// browsers may keep them for ever.
//
//	static.go    URL and Handler; our style and scripts go out small
//	icon.go      a drawing of the sprite, to stand in a page itself
//	app.css      the style, by hand, in cascade layers
//	app.js       the script of those who are signed in: people picker, arrow keys, copying
//	frame.js     in the portal's frame: the bridge to the portal around it
//	session.js   in the portal's frame: the session where no cookie is kept; asks through the bridge
//	zone.js      the script of guests: whose clock it is
//	icons.svg    made by icons.mjs out of @bitrix24/b24icons-vue
//	htmx.js      htmx with its extension, in one file; made at the start
//	vendor/      htmx, copied from npm by vendor.sh with checksums
package static
