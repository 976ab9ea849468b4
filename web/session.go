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
	"time"

	"github.com/gorilla/securecookie"
	"github.com/gorilla/sessions"
	"github.com/labstack/echo/v4"

	"slotfinder/internal/meet"
)

// Lifetimes of sessions. A session of somebody who has not signed in only holds
// the sign-ins under way.
const (
	sessionLife = 7 * 24 * time.Hour
	visitorLife = 15 * time.Minute
	frameLife   = 12 * time.Hour // the portal opens a new one with each launch
)

// Sessions keeps sessions on the server; the browser has only a random id, and
// the rows only its hash. Errors are faults of the database.
type Sessions interface {
	// LoadSession returns the data of a session that has not expired at now.
	LoadSession(ctx context.Context, idHash string, now time.Time) (data, portal string, user int64, found bool, err error)
	// SaveSession inserts or replaces; user 0 is somebody who has not signed in.
	SaveSession(ctx context.Context, idHash, data, portal string, user int64, expires time.Time) error
	// UpdateSession changes one that is there; found is false if it has ended.
	UpdateSession(ctx context.Context, idHash, data, portal string, user int64, expires time.Time) (found bool, err error)
	DeleteSession(ctx context.Context, idHash string) error
	// DeleteSessionsOf ends all sessions of a user, or of the whole portal for user 0.
	DeleteSessionsOf(ctx context.Context, portal string, user int64) error
	// SaveFrameCode keeps a one-time code for the session with the id hash.
	SaveFrameCode(ctx context.Context, codeHash, portal, idHash string, life time.Duration) error
	// TakeFrameCode uses a code up and returns whose it was.
	TakeFrameCode(ctx context.Context, codeHash string) (idHash string, found bool, err error)
}

// visit is what a session holds.
type visit struct {
	Member  meet.Member `json:"member"` // zero: not signed in
	Name    string      `json:"name,omitempty"`
	Host    string      `json:"host,omitempty"` // the portal as people know it
	Zone    string      `json:"zone,omitempty"` // of the profile; "" when the portal knows none
	Admin   bool        `json:"admin,omitempty"`
	Pending []pending   `json:"pending,omitempty"` // sign-ins under way, oldest first

	// Of a session in the portal's frame only. It is never made into one of a tab,
	// nor the other way round.
	Frame string `json:"frame,omitempty"` // origin of the portal that may frame our pages
	Lang  string `json:"lang,omitempty"`  // the portal's language, in Bitrix24's code

	// pass: the browser keeps no cookie for us and came with a pass. Not stored.
	pass bool
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
	data, portal, user, found, err := s.rows.LoadSession(ctx, hashID(id), s.now())
	if err != nil || !found {
		return err
	}
	v := &visit{}
	if err := json.Unmarshal([]byte(data), v); err != nil {
		return fmt.Errorf("reading a session: %w", err)
	}
	if v.framed() != (session.Name() == s.frameName()) {
		return nil // not the kind of session that it is shown for
	}
	v.Member = meet.Member{Portal: portal, User: user}
	session.ID, session.IsNew = id, false
	session.Values[visitKey] = v
	return nil
}

// lives reports whether a session has not ended and is still the member's.
func (s *sessionStore) lives(ctx context.Context, id string, m meet.Member) bool {
	_, portal, user, found, err := s.rows.LoadSession(ctx, hashID(id), s.now())
	return err == nil && found && meet.Member{Portal: portal, User: user} == m
}

// Save writes the row and sets the cookie; a negative MaxAge ends both.
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
	life := visitorLife
	switch {
	case v.framed():
		life = frameLife
	case v.signedIn():
		life = sessionLife
	}
	if err := s.write(r.Context(), session, string(data), v.Member, s.now().Add(life)); err != nil {
		return err
	}
	value, err := securecookie.EncodeMulti(session.Name(), ticket{ID: session.ID, Frame: v.Frame}, s.codecs...)
	if err != nil {
		return fmt.Errorf("writing a session cookie: %w", err)
	}
	http.SetCookie(w, sessions.NewCookie(session.Name(), value, session.Options))
	return nil
}

// write makes the row of a new session, or changes that of an old one. One that has
// ended meanwhile, because its owner was dismissed, stays so.
func (s *sessionStore) write(ctx context.Context, session *sessions.Session, data string, m meet.Member, expires time.Time) error {
	if session.ID == "" {
		session.ID = newID()
		return s.rows.SaveSession(ctx, hashID(session.ID), data, m.Portal, m.User, expires)
	}
	found, err := s.rows.UpdateSession(ctx, hashID(session.ID), data, m.Portal, m.User, expires)
	if err == nil && !found {
		err = &meet.Error{Kind: meet.SignedOut, Key: "error.signed_out"}
	}
	return err
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

// renew gives the session a new id, so that one planted or seen before sign-in
// is worth nothing afterwards, and saves it.
func (s *Server) renew(c echo.Context, session *sessions.Session) error {
	if err := s.sessions.end(c.Request().Context(), session); err != nil {
		return err
	}
	session.ID = ""
	return session.Save(c.Request(), c.Response())
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
