package rest

import (
	"maps"
	"net/http"
	"strings"
	"time"

	"slotfinder/internal/portalsim/fault"
	"slotfinder/internal/portalsim/oauth"
	"slotfinder/internal/portalsim/php"
	"slotfinder/internal/portalsim/portal"
)

// Server answers the calls to one portal.
type Server struct {
	*portal.Portal
	auth      *oauth.Server
	methods   map[string]Method // by lower-case name
	faults    fault.Queue
	bucket    bucket
	operating map[operatingKey]*operating
	costs     map[string]time.Duration // operating time charged per call, by method
	requests  []Request
}

// New answers the calls to a portal once Connect has given it methods.
func New(p *portal.Portal) *Server {
	return &Server{
		Portal: p, faults: fault.Queue{},
		operating: map[operatingKey]*operating{}, costs: map[string]time.Duration{},
	}
}

// Connect joins the portal to an authorization server and gives it the methods in
// these tables, beside those of REST itself.
func (s *Server) Connect(auth *oauth.Server, tables ...map[string]Method) {
	s.auth, s.methods = auth, s.ownMethods()
	for _, table := range tables {
		maps.Copy(s.methods, table)
	}
}

// Method is a REST method. run is called while the portal is locked, so it uses the
// portal directly and must not block.
type Method struct {
	Scope string // "" = any token; alternatives are separated by "|"
	Run   func(*Call) (Result, error)
}

// Add puts methods that need the same scope into a table. Each package has a call of
// its own, which wrap makes of ours.
func Add[C any](table map[string]Method, scope string, wrap func(*Call) C, methods map[string]func(C) (Result, error)) {
	for name, run := range methods {
		table[name] = Method{Scope: scope, Run: func(c *Call) (Result, error) { return run(wrap(c)) }}
	}
}

// Call is one REST call being answered.
type Call struct {
	App    *oauth.App
	User   *portal.User // the token user, active
	Params php.Params
	Start  int // the parameter start, taken out of params: paging offset, -1 = do not count
	Now    time.Time
}

// Result is what a method answers. A value with the keys error and
// error_description is sent as the whole answer, with HTTP 200.
type Result struct {
	Value any
	Paged bool // total is told
	Total int
	Next  int // offset of the next page; 0 = none, not told
}

// ServeHTTP answers everything below /rest/.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	allowOrigins(w.Header())
	if r.Method == http.MethodOptions {
		return
	}
	name := methodName(r.URL.Path)
	if to, moved := s.MovedTo(r.Host); moved {
		s.log(name, http.StatusFound)
		http.Redirect(w, r, to+r.URL.RequestURI(), http.StatusFound)
		return
	}
	wrong := s.takeFault(name)
	if wrong.Before(w, r) {
		s.log(name, wrong.Status)
		return
	}
	ans := s.answerREST(r, name, wrong)
	s.log(name, wrong.StatusOr(ans.Status))
	wrong.Deliver(w, r, ans)
}

// allowOrigins sends the headers of Bitrix24's REST answers.
func allowOrigins(h http.Header) {
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Allow-Headers", "origin, content-type, accept")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Type", "application/json; charset=utf-8")
}

// methodName takes the method out of /rest/<method>[.json], in lower case. In the
// address of a webhook, /rest/<user>/<code>/<method>, it is the last part, too.
func methodName(path string) string {
	path = strings.Trim(strings.TrimPrefix(path, "/rest"), "/")
	name := strings.ToLower(path[strings.LastIndexByte(path, '/')+1:])
	return strings.TrimSuffix(name, ".json")
}

// answerREST does the call and writes its answer.
func (s *Server) answerREST(r *http.Request, name string, wrong fault.Fault) fault.Answer {
	began := s.auth.Now()
	sent := php.ReadParams(r)
	s.Lock()
	defer s.Unlock()
	if !s.bucket.take(began) {
		return s.failure(fault.Known("QUERY_LIMIT_EXCEEDED"))
	}
	c, res, err := s.run(r, name, sent, wrong)
	if err != nil {
		return s.failure(err)
	}
	if whole, ok := res.wholeAnswer(); ok {
		return fault.Answer{Status: http.StatusOK, Body: php.Encode(whole)}
	}
	body := res.envelope().With("time", s.timeBlock(began, s.operatingOf(c, name)))
	return fault.Answer{Status: http.StatusOK, Body: php.Encode(body)}
}

// run finds the method and the caller, and calls it. The portal is locked.
func (s *Server) run(r *http.Request, name string, sent php.Params, wrong fault.Fault) (*Call, Result, error) {
	m, found := s.methods[name]
	if !found {
		return nil, Result{}, fault.Known("ERROR_METHOD_NOT_FOUND")
	}
	if strings.Count(strings.Trim(r.URL.Path, "/"), "/") > 1 {
		return nil, Result{}, fault.Known("INVALID_CREDENTIALS") // a webhook; there are none
	}
	app, user, err := s.auth.Authenticate(s.Portal, oauth.Bearer(r, sent))
	if err != nil {
		return nil, Result{}, err
	}
	c := newCall(app, user, sent, s.auth.Now())
	res, err := s.do(c, name, m, wrong.Err)
	return c, res, err
}

// newCall takes the parameters out that are not the method's own.
func newCall(app *oauth.App, user *portal.User, sent php.Params, now time.Time) *Call {
	c := &Call{App: app, User: user, Start: sent.Int("start"), Now: now}
	c.Params = sent.Without("auth").Without("access_token").Without("state").Without("start")
	return c
}

// do runs a method for a known caller: an ordered error comes first, then the
// scope, the limit of operating time, and the method itself. The portal is locked.
func (s *Server) do(c *Call, name string, m Method, ordered *fault.Error) (Result, error) {
	if ordered != nil {
		return Result{}, ordered
	}
	if !c.App.May(m.Scope) {
		return Result{}, fault.Known("insufficient_scope")
	}
	if !s.charge(c.App, name, c.Now) {
		return Result{}, fault.Known("OPERATION_TIME_LIMIT")
	}
	return m.Run(c)
}

// failure is the answer to an error. The portal is locked.
func (s *Server) failure(err error) fault.Answer {
	e := fault.From(err)
	return fault.Answer{Status: e.HTTPStatus(s.DocStatuses), Body: php.Encode(e.Answer())}
}

// wholeAnswer is the value itself when it is an error that a method returned
// instead of failing.
func (res Result) wholeAnswer() (php.Array, bool) {
	o, ok := res.Value.(php.Array)
	if !ok {
		return nil, false
	}
	_, code := o.Get("error")
	_, text := o.Get("error_description")
	return o, code && text
}

// envelope is the answer without its time block.
func (res Result) envelope() php.Array {
	body := php.Array{{"result", res.Value}}
	if res.Next != 0 {
		body = body.With("next", res.Next)
	}
	if res.Paged {
		body = body.With("total", res.Total)
	}
	return body
}

// timeBlock tells when the call ran. start and processing are whole seconds; the
// dates are in the server's zone. The portal is locked.
func (s *Server) timeBlock(began time.Time, used *operating) php.Array {
	finish := s.auth.Now()
	seconds := func(t time.Time) float64 { return float64(t.UnixMicro()) / 1e6 }
	block := php.Array{
		{"start", began.Unix()},
		{"finish", seconds(finish)},
		{"duration", seconds(finish) - float64(began.Unix())},
		{"processing", finish.Unix() - began.Unix()},
		{"date_start", began.In(s.Zone()).Format(time.RFC3339)},
		{"date_finish", finish.In(s.Zone()).Format(time.RFC3339)},
	}
	if used != nil {
		block = block.With("operating_reset_at", used.resetAt(finish).Unix())
		block = block.With("operating", used.sum(finish).Seconds())
	}
	return block
}

// Fail orders a fault for the coming calls of a method ("*" = of any), after those
// ordered before. Inside a batch only faults that are REST errors count; the others
// apply to the method "batch" itself.
func (s *Server) Fail(method string, f fault.Fault) {
	s.Lock()
	defer s.Unlock()
	s.faults.Order(methodName(method), f)
}

// Heal takes back every fault.
func (s *Server) Heal() {
	s.Lock()
	defer s.Unlock()
	s.faults = fault.Queue{}
}

func (s *Server) takeFault(name string) fault.Fault {
	s.Lock()
	defer s.Unlock()
	return s.faults.Take(name)
}
