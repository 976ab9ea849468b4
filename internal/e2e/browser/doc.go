// Package browser tests the whole product in Chromium: by keyboard, on a phone, without
// script, in the portal's frame, on paper, and by axe-core. It makes the README's
// pictures, too.
package browser
