package sharer

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"time"

	"slotfinder/internal/civil"
	"slotfinder/internal/finder"
	"slotfinder/internal/meet"
)

// MaxLinks is how many links one owner may have, closed ones included.
const MaxLinks = 1000

const (
	tokenBytes = 18 // 144 random bits
	idBytes    = 12

	tokenPurpose = "link token" // what tokens are sealed for
)

// Sharer makes links and answers those who have one. It is safe for concurrent use;
// processes share what Links and Meter keep, and nothing else.
type Sharer struct {
	Links  meet.Links
	Meter  meet.Meter
	Finder *finder.Finder
	Seal   Sealer
	Random io.Reader // cryptographically random
	Now    func() time.Time
	Limits Limits

	cache cache
	views viewCounter
}

// Sealer encrypts for one purpose and owner; package seal has it.
type Sealer interface {
	Seal(purpose, owner, plain string) string
	Open(purpose, owner, sealed string) (string, error)
}

// Make keeps a link of the owner, in the language that they read. A form that is sent
// again makes no second link: the first is returned.
//
// Errors: Invalid, Conflict when the owner has MaxLinks, and those of Finder, which
// resolves the query.
func (s *Sharer) Make(ctx context.Context, owner meet.Member, form meet.LinkForm, language string) (meet.Link, error) {
	now := s.Now()
	q := form.Query
	q.Weeks = 1 // a link shows single times
	if form.Days > 0 {
		q.From, q.To = civil.Date{}, civil.Date{}
	}
	answer, err := s.Finder.FindOnly(ctx, owner, q)
	if err != nil {
		return meet.Link{}, err
	}
	form.Query = answer.Query
	expires, err := form.Expires.OrSuitable(form, now).End(now, form.Query.Zone)
	if err != nil {
		return meet.Link{}, err
	}
	token, err := s.random(tokenBytes)
	if err != nil {
		return meet.Link{}, err
	}
	id, err := s.random(idBytes)
	if err != nil {
		return meet.Link{}, err
	}
	link, err := s.Links.AddLink(ctx, meet.Link{
		ID: id, Owner: owner, Key: form.Key,
		TokenHash: HashToken(token), SealedToken: s.Seal.Seal(tokenPurpose, sealOwner(owner), token),
		Title: form.Title, Note: form.Note, Query: form.Query, Days: form.Days, Starts: form.Starts,
		Show: form.Show, Host: form.Host, Reply: form.Reply, Mode: form.Mode, Uses: form.Uses, Language: language,
		Created: now, Expires: expires, Version: 1,
	}, MaxLinks)
	if err != nil {
		return meet.Link{}, fmt.Errorf("making a link: %w", err)
	}
	return link, nil
}

// random returns so many random bytes as text that is safe in URLs.
func (s *Sharer) random(bytes int) (string, error) {
	raw := make([]byte, bytes)
	if _, err := io.ReadFull(s.Random, raw); err != nil {
		return "", fmt.Errorf("making a link: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(raw), nil
}

// sealOwner is what a link's token is sealed to.
func sealOwner(owner meet.Member) string {
	return owner.Portal + "/" + strconv.FormatInt(owner.User, 10)
}

// Token returns the token of a link, for its owner. ok is false when it can't be
// opened any more, because a secret was dropped: the link works, but can't be shown.
func (s *Sharer) Token(l meet.Link) (token string, ok bool) {
	token, err := s.Seal.Open(tokenPurpose, sealOwner(l.Owner), l.SealedToken)
	return token, err == nil
}

// LinksPerPage is how many links All returns at most.
const LinksPerPage = 50

// All returns a page of the owner's links, counted from 1, the newest first, and whether
// there are more.
func (s *Sharer) All(ctx context.Context, owner meet.Member, page int) (links []meet.Link, more bool, err error) {
	if page < 1 || page > MaxLinks {
		return nil, false, nil
	}
	_ = s.Settle(ctx) // what can't be written now is written later
	links, err = s.Links.LinksOf(ctx, owner, (page-1)*LinksPerPage, LinksPerPage+1)
	if err != nil {
		return nil, false, fmt.Errorf("listing links: %w", err)
	}
	return links[:min(len(links), LinksPerPage)], len(links) > LinksPerPage, nil
}

// One returns a link of the owner. NotFound: he has none of this id.
func (s *Sharer) One(ctx context.Context, owner meet.Member, id string) (meet.Link, error) {
	_ = s.Settle(ctx) // as in All
	link, err := s.Links.LinkOf(ctx, owner, id)
	if err != nil {
		return meet.Link{}, fmt.Errorf("finding a link: %w", err)
	}
	return link, nil
}

// Edit changes a link of the owner by a form, see ParseLinkEdit. A later expiry may open
// one that has expired. Errors: Invalid, NotFound, Gone when it was revoked.
func (s *Sharer) Edit(ctx context.Context, link meet.Link, form url.Values) error {
	edit, err := meet.ParseLinkEdit(form, link, s.Now())
	if err != nil {
		return err
	}
	return changed(s.Links.EditLink(ctx, link.Owner, link.ID, edit))
}

// Pause closes a link of the owner until Resume. Errors: NotFound, Gone.
func (s *Sharer) Pause(ctx context.Context, owner meet.Member, id string) error {
	return changed(s.Links.PauseLink(ctx, owner, id, true))
}

// Resume opens a paused link of the owner. Errors: NotFound, Gone.
func (s *Sharer) Resume(ctx context.Context, owner meet.Member, id string) error {
	return changed(s.Links.PauseLink(ctx, owner, id, false))
}

// Revoke closes a link of the owner for ever. Error: NotFound.
func (s *Sharer) Revoke(ctx context.Context, owner meet.Member, id string) error {
	return changed(s.Links.RevokeLink(ctx, owner, id))
}

// Delete forgets a link of the owner; whoever has it then finds nothing. Error: NotFound.
func (s *Sharer) Delete(ctx context.Context, owner meet.Member, id string) error {
	return changed(s.Links.DeleteLink(ctx, owner, id))
}

func changed(err error) error {
	if err != nil {
		return fmt.Errorf("changing a link: %w", err)
	}
	return nil
}
