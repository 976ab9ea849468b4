// Package e2e tests the whole product: the real program on a free port, with a database
// of its own, on a simulated Bitrix24 (see harness). A file per area; what needs a
// browser is in browser.
package e2e
