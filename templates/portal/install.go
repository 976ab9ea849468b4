package portal

import "strings"

// InstallView is what the installer has done. Places are Bitrix24's codes.
type InstallView struct {
	Places  []string // from where the app can be opened now
	Missing []string // from where it can't
	Unheard bool     // the portal does not report changes of calendars
}

// placeKey is the text key of a place's name.
func placeKey(code string) string { return "install." + strings.ToLower(code) }
