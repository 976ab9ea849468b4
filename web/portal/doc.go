// Package portal is everything between the product and Bitrix24 portals but their data:
// people sign in with them, they show the app in their pages, and they tell what happens.
//
//	routes.go     what it needs, and its routes
//	signin.go     landing page, sign-in, callback
//	pending.go    what a browser keeps while it signs in
//	otherperson.go  another person signs in where somebody is signed in
//	launch.go     a portal opens the app in its page
//	placement.go  from which place there, and what it shows therefore
//	newtab.go     the session in the frame is renewed, and taken along into a tab
//	install.go    the installer
//	event.go      what Bitrix24's cloud tells
package portal
