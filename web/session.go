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
	"strings"
	"time"

	"github.com/gorilla/securecookie"
	"github.com/gorilla/sessions"
	"github.com/labstack/echo/v4"

	"slotfinder/internal/audit"
	"slotfinder/internal/auth"
	"slotfinder/internal/meet"
	"slotfinder/templates/page"
)

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

// visit is what a session holds.
type visit struct {
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
	pass bool         // the browser keeps no cookie for us and came with a pass
	row  auth.Session // the session as it is stored; zero: not yet
}

// nameLimit bounds, in characters, what we keep of a name that a portal tells.
const nameLimit = 100

// visitOf begins the visit of somebody whom a portal has just vouched for.
func (s *Server) visitOf(in auth.SignIn) visit {
	name := []rune(in.Profile.Name)
	return visit{
		Member: in.Member, Name: string(name[:min(len(name), nameLimit)]), Zone: in.Profile.Zone, Admin: in.Profile.Admin,
		Host: in.Portal.Host, Proved: s.config.Now().UTC(),
	}
}

func (v *visit) signedIn() bool { return v.Member != (meet.Member{}) }

// framed reports whether the session is one of the portal's frame.
func (v *visit) framed() bool { return v.Frame != "" }

// sessionStore is a gorilla sessions.Store over Sessions.
type sessionStore struct {
	rows    Sessions
	codecs  []securecookie.Codec
	options sessions.Options
	now     func() time.Time
}

const visitKey = "visit"

// newSessionStore signs cookies with the first key and reads those of all. A
// cookie of a site on https has the __Host- prefix, which browsers tie to Secure
// and to this very host.
func newSessionStore(rows Sessions, keys [][]byte, secure bool, now func() time.Time) *sessionStore {
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
	return &sessionStore{
		rows: rows, codecs: codecs, now: now,
		options: sessions.Options{Path: "/", Secure: secure, HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: int(sessionLife.Seconds())},
	}
}

// Get returns the session of a request, read at most once.
func (s *sessionStore) Get(r *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(r).Get(s, name)
}

// New reads the session of a request. A cookie that is missing, forged or of an
// ended session gives an empty session.
func (s *sessionStore) New(r *http.Request, name string) (*sessions.Session, error) {
	session := s.blank(name)
	if ticket := s.ticket(r, name); ticket.ID != "" {
		return session, s.load(r.Context(), session, ticket.ID)
	}
	return session, nil
}

// blank returns an empty session.
func (s *sessionStore) blank(name string) *sessions.Session {
	session := sessions.NewSession(s, name)
	options := s.options
	if name == s.frameName() {
		options = frameOptions(options)
	}
	session.Options, session.IsNew = &options, true
	session.Values[visitKey] = &visit{}
	return session
}

// ticket is what a cookie, or a pass for want of one, says: that we gave it out.
// Whether the session still lives, the database knows.
type ticket struct {
	ID    string `json:"i"`
	Frame string `json:"f,omitempty"` // origin of the portal; outlives the session, so that it can be shown that it ended
	Until int64  `json:"u,omitempty"` // unix seconds; only of a pass
}

// ticket reads the cookie with a name; what we did not write is nothing.
func (s *sessionStore) ticket(r *http.Request, name string) ticket {
	cookie, err := r.Cookie(name)
	if err != nil {
		return ticket{}
	}
	return s.open(name, cookie.Value)
}

func (s *sessionStore) open(name, value string) ticket {
	var t ticket
	if securecookie.DecodeMulti(name, value, &t, s.codecs...) != nil {
		return ticket{}
	}
	return t
}

func (s *sessionStore) load(ctx context.Context, session *sessions.Session, id string) error {
	row, err := s.rows.LoadSession(ctx, hashID(id), s.now())
	switch {
	case meet.KindOf(err) == meet.NotFound:
		return nil
	case err != nil:
		return err
	}
	v, err := readVisit(row)
	if err != nil {
		return err
	}
	if v.framed() != (session.Name() == s.frameName()) {
		return nil // not the kind of session that it is shown for
	}
	session.ID, session.IsNew = id, false
	session.Values[visitKey] = v
	return nil
}

// readVisit reads a stored session.
func readVisit(row auth.Session) (*visit, error) {
	v := &visit{}
	if err := json.Unmarshal([]byte(row.Data), v); err != nil {
		return nil, fmt.Errorf("reading a session: %w", err)
	}
	v.Member, v.row = row.Member, row
	return v, nil
}

// lives reports whether a session has not ended and is still the member's.
func (s *sessionStore) lives(ctx context.Context, id string, m meet.Member) bool {
	row, err := s.rows.LoadSession(ctx, hashID(id), s.now())
	return err == nil && row.Member == m
}

// expiry is when a session ends in which something was done at a time.
func (v *visit) expiry(begun, used time.Time) time.Time {
	idle := tabIdle
	if v.framed() {
		idle = frameIdle
	}
	if end := begun.Add(sessionLife); end.Before(used.Add(idle)) {
		return end
	}
	return used.Add(idle)
}

// use notes that something is being done in a session, if that was not noted lately.
func (s *sessionStore) use(ctx context.Context, v *visit) error {
	now := s.now()
	if now.Sub(v.row.Used) < useNoted {
		return nil
	}
	v.row.Used = now // also when it can't be written: once a request is enough
	return s.rows.UseSession(ctx, v.row.IDHash, now, v.expiry(v.row.Begun, now))
}

// Save keeps a new session and sets the cookie; a negative MaxAge ends both. Sessions do
// not change.
func (s *sessionStore) Save(r *http.Request, w http.ResponseWriter, session *sessions.Session) error {
	if session.Options.MaxAge < 0 {
		http.SetCookie(w, sessions.NewCookie(session.Name(), "", session.Options))
		return s.end(r.Context(), session)
	}
	v := session.Values[visitKey].(*visit)
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("writing a session: %w", err)
	}
	now := s.now()
	session.ID = newID()
	v.row = auth.Session{
		IDHash: hashID(session.ID), Member: v.Member, Data: string(data),
		Begun: now, Used: now, Expires: v.expiry(now, now),
	}
	if err := s.rows.SaveSession(r.Context(), v.row); err != nil {
		return err
	}
	value, err := securecookie.EncodeMulti(session.Name(), ticket{ID: session.ID, Frame: v.Frame}, s.codecs...)
	if err != nil {
		return fmt.Errorf("writing a session cookie: %w", err)
	}
	http.SetCookie(w, sessions.NewCookie(session.Name(), value, session.Options))
	return nil
}

func (s *sessionStore) end(ctx context.Context, session *sessions.Session) error {
	if session.ID == "" {
		return nil
	}
	return s.rows.DeleteSession(ctx, hashID(session.ID))
}

func newID() string {
	raw := make([]byte, 32)
	rand.Read(raw)
	return base64.RawURLEncoding.EncodeToString(raw)
}

func hashID(id string) string {
	sum := sha256.Sum256([]byte(id))
	return hex.EncodeToString(sum[:])
}

// tabName is the name of the cookie of a tab of its own; without https browsers
// refuse the prefix.
func (s *sessionStore) tabName() string {
	if s.options.Secure {
		return "__Host-slotfinder"
	}
	return "slotfinder"
}

// tabSession is the session of a browser's own tab, whatever else a request
// brings: signing in and out of it never touches one of a frame.
func (s *Server) tabSession(c echo.Context) (*sessions.Session, *visit, error) {
	return opened(s.sessions.Get(c.Request(), s.sessions.tabName()))
}

// session is the session that a request belongs to: of a tab or of a frame.
func (s *Server) session(c echo.Context) (*sessions.Session, *visit, error) {
	session, v, err := opened(s.sessionOf(c.Request()))
	if err == nil && v.signedIn() {
		c.Set(visitKey, v)
		unstored(c)
		s.noteUse(c, v)
	}
	if err == nil && v.framed() {
		s.enterFrame(c, session, v)
	}
	return session, v, err
}

func opened(session *sessions.Session, err error) (*sessions.Session, *visit, error) {
	if err != nil {
		return nil, nil, fmt.Errorf("session: %w", err)
	}
	return session, session.Values[visitKey].(*visit), nil
}

// noteUse notes that somebody does something. What pages ask for on their own is not
// that: somebody who has left for the day leaves their pages open.
func (s *Server) noteUse(c echo.Context, v *visit) {
	h := c.Request().Header
	switch path := c.Path(); {
	case path == livePath, strings.HasPrefix(path, "/photo/"), strings.HasPrefix(path, facesPath),
		refreshing(c), h.Get(page.ReadingHeader) != "", isHead(c):
		return
	}
	if err := s.sessions.use(c.Request().Context(), v); err != nil {
		s.config.Log.Warn("the use of a session is not noted", "error", err)
	}
}

// enterTab begins a session in the browser's own tab, in place of the one that is there:
// one planted or seen before is worth nothing afterwards.
func (s *Server) enterTab(c echo.Context, session *sessions.Session, v visit) error {
	if err := s.sessions.end(c.Request().Context(), session); err != nil {
		return err
	}
	session.Values[visitKey] = &v
	if err := session.Save(c.Request(), c.Response()); err != nil {
		return err
	}
	s.rememberPortal(c, v.Host)
	s.recordOf(c, audit.SignedIn, v.Member, "")
	return nil
}

// member returns who is signed in, or a SignedOut error.
func (s *Server) member(c echo.Context) (*visit, error) {
	_, v, err := s.session(c)
	if err != nil {
		return nil, err
	}
	if !v.signedIn() {
		return nil, &meet.Error{Kind: meet.SignedOut, Key: "error.signed_out"}
	}
	return v, nil
}
