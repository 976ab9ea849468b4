package web

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gorilla/securecookie"
	"github.com/gorilla/sessions"
	"github.com/labstack/echo/v4"

	"slotfinder/internal/auth"
	"slotfinder/internal/civil/zone"
	"slotfinder/internal/meet"
	"slotfinder/templates/layout"
)

// ZoneOf is the visitor's zone, else another.
func ZoneOf(v *Identity, otherwise *time.Location) *time.Location {
	if own, err := zone.Load(v.Zone); err == nil {
		return own
	}
	return otherwise
}

// Lifetimes of sessions. They also end when nothing was done in them for a while. That
// is written down now and then, not with each request.
const (
	sessionLife = 7 * 24 * time.Hour
	tabIdle     = 24 * time.Hour
	frameIdle   = 12 * time.Hour // the portal opens a new one with each launch
	useNoted    = 5 * time.Minute
)

// Sessions keeps sessions on the server; the browser has only a random id, and
// the rows only its hash. What is not there is meet.NotFound; all other errors are faults
// of the database.
type Sessions interface {
	// LoadSession returns a session that has not expired at now.
	LoadSession(ctx context.Context, idHash string, now time.Time) (auth.Session, error)
	// SaveSession keeps a new session. Of too many of one person the one used least lately ends.
	SaveSession(ctx context.Context, session auth.Session) error
	// UseSession notes when a session was used, and when it expires therefore.
	UseSession(ctx context.Context, idHash string, used, expires time.Time) error
	// SessionsOf returns a person's sessions, the one used last first.
	SessionsOf(ctx context.Context, m meet.Member, now time.Time) ([]auth.Session, error)
	DeleteSession(ctx context.Context, idHash string) error
	// DeleteSessionsOf ends all sessions of a user.
	DeleteSessionsOf(ctx context.Context, m meet.Member) error
	// UseState uses up what may be used once, until it expires; first is false if it was.
	UseState(ctx context.Context, portal, stateHash string, expires time.Time) (first bool, err error)
	// SaveFrameCode keeps a one-time code for the session with the id hash.
	SaveFrameCode(ctx context.Context, codeHash, portal, idHash string, life time.Duration) error
	// TakeFrameCode uses a code up and returns whose it was.
	TakeFrameCode(ctx context.Context, codeHash string) (idHash string, err error)
}

// Identity is what a session holds.
type Identity struct {
	Member meet.Member `json:"member"` // zero: not signed in
	Name   string      `json:"name,omitempty"`
	Host   string      `json:"host,omitempty"` // the portal as people know it
	Zone   string      `json:"zone,omitempty"` // of the profile; "" when the portal knows none
	Admin  bool        `json:"admin,omitempty"`
	Proved time.Time   `json:"proved,omitzero"` // when the portal said last that it is they

	// Of a session in the portal's frame only. It is never made into one of a tab,
	// nor the other way round.
	Frame string `json:"frame,omitempty"` // origin of the portal that may frame our pages
	Lang  string `json:"lang,omitempty"`  // the portal's language, in Bitrix24's code

	// Not stored with the rest.
	byToken bool         // the browser keeps no cookie for us and came with a frame token
	Row     auth.Session // the session as it is stored; zero: not yet
}

// nameLimit bounds, in characters, what we keep of a name that a portal tells.
const nameLimit = 100

// NewIdentity is the identity of somebody whom a portal has just vouched for.
func (s *Server) NewIdentity(in auth.SignIn) Identity {
	name := []rune(in.Profile.Name)
	return Identity{
		Member: in.Member, Name: string(name[:min(len(name), nameLimit)]), Zone: in.Profile.Zone, Admin: in.Profile.Admin,
		Host: in.Portal.Host, Proved: s.Config.Now().UTC(),
	}
}

// SignedIn reports whether somebody has signed in in the session.
func (v *Identity) SignedIn() bool { return v.Member != (meet.Member{}) }

// Framed reports whether the session is one of the portal's frame.
func (v *Identity) Framed() bool { return v.Frame != "" }

// SessionStore is a gorilla sessions.Store over Sessions.
type SessionStore struct {
	rows    Sessions
	Codecs  []securecookie.Codec
	Options sessions.Options
	now     func() time.Time
}

// IdentityKey is where a session, and the context of its request, have the *Identity.
const IdentityKey = "visit"

// newSessionStore signs cookies with the first key and reads those of all. A
// cookie of a site on https has the __Host- prefix, which browsers tie to Secure
// and to this very host.
func newSessionStore(rows Sessions, keys [][]byte, secure bool, now func() time.Time) *SessionStore {
	var pairs [][]byte
	for _, key := range keys {
		pairs = append(pairs, key, nil)
	}
	codecs := securecookie.CodecsFromPairs(pairs...)
	for _, codec := range codecs {
		cookie := codec.(*securecookie.SecureCookie)
		cookie.MaxAge(int(sessionLife.Seconds()))
		cookie.SetSerializer(securecookie.JSONEncoder{})
	}
	return &SessionStore{
		rows: rows, Codecs: codecs, now: now,
		Options: sessions.Options{Path: "/", Secure: secure, HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: int(sessionLife.Seconds())},
	}
}

// Get returns the session of a request, read at most once.
func (s *SessionStore) Get(r *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(r).Get(s, name)
}

// New reads the session of a request. A cookie that is missing, forged or of an
// ended session gives an empty session.
func (s *SessionStore) New(r *http.Request, name string) (*sessions.Session, error) {
	session := s.Blank(name)
	if ticket := s.ticket(r, name); ticket.ID != "" {
		return session, s.load(r.Context(), session, ticket.ID)
	}
	return session, nil
}

// Blank returns an empty session.
func (s *SessionStore) Blank(name string) *sessions.Session {
	session := sessions.NewSession(s, name)
	options := s.Options
	if name == s.FrameName() {
		options = frameOptions(options)
	}
	session.Options, session.IsNew = &options, true
	session.Values[IdentityKey] = &Identity{}
	return session
}

// Ticket is what a cookie, or a frame token for want of one, says: that we gave it out.
// Whether the session still lives, the database knows.
type Ticket struct {
	ID    string `json:"i"`
	Frame string `json:"f,omitempty"` // origin of the portal; outlives the session, so that it can be shown that it ended
	Until int64  `json:"u,omitempty"` // unix seconds; only of a frame token
}

// ticket reads the cookie with a name; what we did not write is nothing.
func (s *SessionStore) ticket(r *http.Request, name string) Ticket {
	cookie, err := r.Cookie(name)
	if err != nil {
		return Ticket{}
	}
	return s.open(name, cookie.Value)
}

func (s *SessionStore) open(name, value string) Ticket {
	var t Ticket
	if securecookie.DecodeMulti(name, value, &t, s.Codecs...) != nil {
		return Ticket{}
	}
	return t
}

func (s *SessionStore) load(ctx context.Context, session *sessions.Session, id string) error {
	row, err := s.rows.LoadSession(ctx, HashID(id), s.now())
	switch {
	case meet.KindOf(err) == meet.NotFound:
		return nil
	case err != nil:
		return err
	}
	v, err := ReadIdentity(row)
	if err != nil {
		return err
	}
	if v.Framed() != (session.Name() == s.FrameName()) {
		return nil // not the kind of session that it is shown for
	}
	session.ID, session.IsNew = id, false
	session.Values[IdentityKey] = v
	return nil
}

// ReadIdentity reads a stored session.
func ReadIdentity(row auth.Session) (*Identity, error) {
	v := &Identity{}
	if err := json.Unmarshal([]byte(row.Data), v); err != nil {
		return nil, fmt.Errorf("reading a session: %w", err)
	}
	v.Member, v.Row = row.Member, row
	return v, nil
}

// Lives reports whether a session has not ended and is still the member's.
func (s *SessionStore) Lives(ctx context.Context, id string, m meet.Member) bool {
	row, err := s.rows.LoadSession(ctx, HashID(id), s.now())
	return err == nil && row.Member == m
}

// expiry is when a session ends in which something was done at a time.
func (v *Identity) expiry(begun, used time.Time) time.Time {
	idle := tabIdle
	if v.Framed() {
		idle = frameIdle
	}
	if end := begun.Add(sessionLife); end.Before(used.Add(idle)) {
		return end
	}
	return used.Add(idle)
}

// use notes that something is being done in a session, if that was not noted lately.
func (s *SessionStore) use(ctx context.Context, v *Identity) error {
	now := s.now()
	if now.Sub(v.Row.Used) < useNoted {
		return nil
	}
	v.Row.Used = now // also when it can't be written: once a request is enough
	return s.rows.UseSession(ctx, v.Row.IDHash, now, v.expiry(v.Row.Begun, now))
}

// Save keeps a new session and sets the cookie; a negative MaxAge ends both. Sessions do
// not change.
func (s *SessionStore) Save(r *http.Request, w http.ResponseWriter, session *sessions.Session) error {
	if session.Options.MaxAge < 0 {
		http.SetCookie(w, sessions.NewCookie(session.Name(), "", session.Options))
		return s.End(r.Context(), session)
	}
	v := session.Values[IdentityKey].(*Identity)
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("writing a session: %w", err)
	}
	now := s.now()
	session.ID = NewID()
	v.Row = auth.Session{
		IDHash: HashID(session.ID), Member: v.Member, Data: string(data),
		Begun: now, Used: now, Expires: v.expiry(now, now),
	}
	if err := s.rows.SaveSession(r.Context(), v.Row); err != nil {
		return err
	}
	value, err := securecookie.EncodeMulti(session.Name(), Ticket{ID: session.ID, Frame: v.Frame}, s.Codecs...)
	if err != nil {
		return fmt.Errorf("writing a session cookie: %w", err)
	}
	http.SetCookie(w, sessions.NewCookie(session.Name(), value, session.Options))
	return nil
}

// End removes a session from the database.
func (s *SessionStore) End(ctx context.Context, session *sessions.Session) error {
	if session.ID == "" {
		return nil
	}
	return s.rows.DeleteSession(ctx, HashID(session.ID))
}

// NewID returns 256 random bits as text.
func NewID() string {
	raw := make([]byte, 32)
	rand.Read(raw)
	return base64.RawURLEncoding.EncodeToString(raw)
}

// HashID is what is stored of an id.
func HashID(id string) string {
	sum := sha256.Sum256([]byte(id))
	return hex.EncodeToString(sum[:])
}

// TabName is the name of the cookie of a tab of its own; without https browsers
// refuse the prefix.
func (s *SessionStore) TabName() string {
	if s.Options.Secure {
		return "__Host-slotfinder"
	}
	return "slotfinder"
}

// TabSession is the session of a browser's own tab, whatever else a request
// brings: signing in and out of it never touches one of a frame.
func (s *Server) TabSession(c echo.Context) (*sessions.Session, *Identity, error) {
	return Opened(s.Cookies.Get(c.Request(), s.Cookies.TabName()))
}

// Session is the session that a request belongs to: of a tab or of a frame.
func (s *Server) Session(c echo.Context) (*sessions.Session, *Identity, error) {
	session, v, err := Opened(s.SessionOf(c.Request()))
	if err == nil && v.SignedIn() {
		c.Set(IdentityKey, v)
		Unstored(c)
		s.noteUse(c, v)
	}
	if err == nil && v.Framed() {
		s.EnterFrame(c, session, v)
	}
	return session, v, err
}

// Opened returns a session with what it holds.
func Opened(session *sessions.Session, err error) (*sessions.Session, *Identity, error) {
	if err != nil {
		return nil, nil, fmt.Errorf("session: %w", err)
	}
	return session, session.Values[IdentityKey].(*Identity), nil
}

// noteUse notes that somebody does something. What pages ask for on their own is not
// that: somebody who has left for the day leaves their pages open.
func (s *Server) noteUse(c echo.Context, v *Identity) {
	h := c.Request().Header
	switch path := c.Path(); {
	case path == LivePath, strings.HasPrefix(path, "/photo/"), strings.HasPrefix(path, PhotoSpritePath),
		RefreshesItself(c), h.Get(layout.ReadingHeader) != "", IsHead(c):
		return
	}
	if err := s.Cookies.use(c.Request().Context(), v); err != nil {
		s.Config.Log.Warn("the use of a session is not noted", "error", err)
	}
}

// member returns who is signed in, or a SignedOut error.
func (s *Server) member(c echo.Context) (*Identity, error) {
	_, v, err := s.Session(c)
	if err != nil {
		return nil, err
	}
	if !v.SignedIn() {
		return nil, &meet.Error{Kind: meet.SignedOut, Key: "error.signed_out"}
	}
	return v, nil
}

// askToSignIn sends a browser without a session, or with one that has lost its
// tokens, to the landing page, which leads back to where it wanted to go.
func (s *Server) askToSignIn(c echo.Context) error {
	session, v, err := s.TabSession(c)
	if err == nil && v.SignedIn() {
		session.Options.MaxAge = -1 // or the landing page would lead straight back here
		err = session.Save(c.Request(), c.Response())
	}
	if err != nil {
		return err
	}
	next := NextOf(c.Request().URL.RequestURI())
	return c.Redirect(http.StatusSeeOther, "/?"+url.Values{"next": {next}}.Encode())
}
