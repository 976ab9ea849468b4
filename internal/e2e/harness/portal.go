package harness

import (
	"net/http/httptest"
	"time"

	"slotfinder/internal/portalsim"
)

// CalendarMethod is the method by which the program reads calendars.
const CalendarMethod = "calendar.accessibility.get"

// Forever is longer than anybody waits for a portal.
const Forever = 12 * time.Second

// HangLimit bounds one test of what may hang; it only ends what hangs.
const HangLimit = time.Minute

// Neighbour is a second company on the same Bitrix24, whose people have the same ids.
func (p *Product) Neighbour() *Product {
	p.T.Helper()
	return p.AtPortal(portalsim.Branch(portalsim.On(time.Now().Date())))
}

// AtPortal is the same program at one more portal.
func (p *Product) AtPortal(company *portalsim.Portal) *Product {
	p.T.Helper()
	server := httptest.NewServer(company)
	p.T.Cleanup(server.Close)
	company.Host = server.Listener.Addr().String()
	p.Sim.AddPortal(company)
	company.Install(ClientID)
	return &Product{T: p.T, Sim: p.Sim, Company: company, App: p.App, Env: p.Env, Log: p.Log}
}
