package harness

import (
	"net/http"

	"slotfinder/internal/portalsim"
)

// FrameHeader is the header by which a browser says that it fills a frame.
const FrameHeader = "Sec-Fetch-Dest"

// LaunchForm is what the portal posts when a user opens the app.
func (p *Product) LaunchForm(user int, placement, options string) portalsim.Frame {
	p.T.Helper()
	frame, ok := p.Company.Launch(ClientID, user, placement, options)
	if !ok {
		p.T.Fatal("the app is not installed")
	}
	return frame
}

// CrossSite are the headers of the portal's form.
func (p *Product) CrossSite() []string {
	return []string{"Origin", "http://" + p.Company.Host, "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", FrameHeader, "iframe"}
}

// Launch opens the app in the frame and returns the browser, and where it was led.
func (p *Product) Launch(user int, placement, options string) (*http.Client, *http.Response) {
	p.T.Helper()
	client := p.Browser()
	frame := p.LaunchForm(user, placement, options)
	response, body := p.Post(client, frame.Action, frame.Fields, p.CrossSite()...)
	if response.StatusCode != http.StatusSeeOther {
		p.T.Fatalf("launch: %s: %.300s", response.Status, body)
	}
	return client, response
}
