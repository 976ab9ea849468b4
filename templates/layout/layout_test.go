package layout_test

import (
	"context"
	"io"
	"strings"
	"testing"

	"slotfinder/internal/locale"
	"slotfinder/static"
	"slotfinder/templates/layout"
)

type empty struct{}

func (empty) Render(context.Context, io.Writer) error { return nil }

// Only pages in a frame load the bridge, and only the server says whom it talks to.
func TestFramesHaveTheBridge(t *testing.T) {
	t.Parallel()
	const portal = "https://halden-vey.bitrix24.example"
	for _, tc := range []struct {
		name           string
		frame          layout.Frame
		bridge, origin bool
	}{
		{"in the portal", layout.Frame{Framed: true, PortalOrigin: portal, Scripts: true}, true, true},
		{"in the portal, otherwise without script", layout.Frame{Framed: true, PortalOrigin: portal}, true, true},
		{"in the portal, nobody knows which", layout.Frame{Framed: true}, true, false},
		{"on its own", layout.Frame{PortalOrigin: portal, Scripts: true}, false, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var page strings.Builder
			if err := layout.Standalone(tc.frame, empty{}).Render(locale.With(t.Context(), locale.For("en")), &page); err != nil {
				t.Fatal(err)
			}
			if got := strings.Contains(page.String(), `<script src="`+static.URL("frame.js")+`" type="module">`); got != tc.bridge {
				t.Errorf("bridge: %t", got)
			}
			if got := strings.Contains(page.String(), ` data-portal="`+portal+`"`); got != tc.origin || !tc.origin && strings.Contains(page.String(), "data-portal") {
				t.Errorf("origin: %t", got)
			}
		})
	}
}
