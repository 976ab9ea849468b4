package links

import (
	"time"

	"slotfinder/internal/meet"
)

// linkJSON is a link for its owner's programs.
type linkJSON struct {
	ID      string         `json:"id"`
	URL     string         `json:"url"`
	Token   string         `json:"token"`
	Title   string         `json:"title"`
	Note    string         `json:"note"`
	Offer   string         `json:"offer"`
	From    string         `json:"from,omitempty"` // and To: of a link that does not roll
	To      string         `json:"to,omitempty"`
	Slots   []time.Time    `json:"slot,omitempty"`
	Ahead   int            `json:"ahead,omitempty"`
	Show    meet.Show      `json:"show"`
	Host    bool           `json:"host"`
	Reply   string         `json:"reply"`
	Mode    meet.Mode      `json:"mode"`
	State   meet.LinkState `json:"state"`
	Created time.Time      `json:"created"`
	Expires time.Time      `json:"expires"`
	Opens   int64          `json:"opens"`
}

func (h *Handlers) newLinkJSON(l meet.Link) linkJSON {
	token, _ := h.Sharer.Token(l)
	j := linkJSON{
		ID: l.ID, URL: h.shareURL(l), Token: token, Title: l.Title, Note: l.Note,
		Offer: offerOf(l), Slots: l.Starts, Ahead: l.Days, Show: l.Show, Host: l.Host, Reply: l.Reply, Mode: l.Mode,
		State: l.State(h.Site.Now()), Created: l.Created, Expires: l.Expires, Opens: l.Opens,
	}
	if l.Days == 0 {
		j.From, j.To = l.Query.From.String(), l.Query.To.String()
	}
	return j
}

// linksJSON is a page of somebody's links, the newest first.
type linksJSON struct {
	Links []linkJSON `json:"links"`
	Next  string     `json:"next,omitempty"` // where the older ones are
}

func (h *Handlers) linksJSON(some []meet.Link, next string) linksJSON {
	list := linksJSON{Links: []linkJSON{}, Next: next}
	for _, l := range some {
		list.Links = append(list.Links, h.newLinkJSON(l))
	}
	return list
}
