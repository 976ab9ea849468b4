// Package browsertest starts Chromium for tests, with fonts that don't depend on the
// machine: what a page measures is then the same everywhere.
//
// Sans is what most people read with. Wide is a font in which every letter is as wide
// as an M, the worst that a page has to bear. Both have letters for every script that
// the sample people's names are written in. The fonts come from Debian's packages
// fonts-noto-core, fonts-liberation and fonts-droid-fallback, which make test installs.
package browsertest
