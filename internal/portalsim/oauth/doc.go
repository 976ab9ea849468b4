// Package oauth is Bitrix24's authorization server, which all portals share. It
// knows the registered applications, the portals that have them, and whose tokens
// are good. The other half of OAuth, where people agree, is a page of the portal:
// see package site.
//
//   - server.go: Server with its portals, apps and installations
//   - app.go: App, and where a request carries its token
//   - tokens.go: codes and tokens, from their issue to their end
//   - http.go: the addresses, the oddities and faults that a test orders
//   - answers.go: /oauth/token/ and /rest/app.info
package oauth
