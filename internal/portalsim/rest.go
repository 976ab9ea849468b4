package portalsim

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"
)

// method is a REST method. run is called with the portal's mu held, so it uses
// the portal's fields and state directly and must not block.
type method struct {
	scope string // "" = any token; alternatives are separated by "|"
	run   func(*call) (result, error)
}

// call is one REST call being answered.
type call struct {
	portal *Portal
	app    *App
	user   *User // the token user, active
	params params
	start  int // the parameter start, taken out of params: paging offset, -1 = do not count
	now    time.Time
}

// result is what a method answers. A value that is an obj with the keys error
// and error_description is sent as the whole answer, with HTTP 200.
type result struct {
	value any
	paged bool // total is told
	total int
	next  int // offset of the next page; 0 = none, not told
}

// answer is an HTTP answer before it is sent.
type answer struct {
	status int
	body   []byte
}

// serveREST answers everything below /rest/.
func (p *Portal) serveREST(w http.ResponseWriter, r *http.Request) {
	allowOrigins(w.Header())
	if r.Method == http.MethodOptions {
		return
	}
	name := methodName(r.URL.Path)
	if to, moved := p.movedTo(r.Host); moved {
		p.log(name, http.StatusFound)
		http.Redirect(w, r, to+r.URL.RequestURI(), http.StatusFound)
		return
	}
	fault := p.takeFault(name)
	if fault.before(w, r) {
		p.log(name, fault.status)
		return
	}
	ans := p.answerREST(r, name, fault)
	p.log(name, fault.statusOr(ans.status))
	fault.deliver(w, ans)
}

// allowOrigins sends the headers of Bitrix24's REST answers.
func allowOrigins(h http.Header) {
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Allow-Headers", "origin, content-type, accept")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Type", "application/json; charset=utf-8")
}

// methodName takes the method from /rest/<method>[.json] in lower case; for a
// webhook address, /rest/<user>/<code>/<method>, it is the last part as well.
func methodName(path string) string {
	path = strings.Trim(strings.TrimPrefix(path, "/rest"), "/")
	name := strings.ToLower(path[strings.LastIndexByte(path, '/')+1:])
	return strings.TrimSuffix(name, ".json")
}

// answerREST does the call and writes its answer.
func (p *Portal) answerREST(r *http.Request, name string, fault Fault) answer {
	began := p.sim.now()
	sent := readParams(r)
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.state.bucket.take(began) {
		return p.failure(known("QUERY_LIMIT_EXCEEDED"))
	}
	c, res, err := p.run(r, name, sent, fault)
	if err != nil {
		return p.failure(err)
	}
	if whole, ok := res.wholeAnswer(); ok {
		return answer{http.StatusOK, encodeJSON(whole)}
	}
	body := res.envelope().with("time", p.timeBlock(began, p.operatingOf(c, name)))
	return answer{http.StatusOK, encodeJSON(body)}
}

// run looks the method up, checks who calls, and calls it. mu is held.
func (p *Portal) run(r *http.Request, name string, sent params, fault Fault) (*call, result, error) {
	m, found := p.sim.methods[name]
	if !found {
		return nil, result{}, known("ERROR_METHOD_NOT_FOUND")
	}
	if strings.Count(strings.Trim(r.URL.Path, "/"), "/") > 1 {
		return nil, result{}, known("INVALID_CREDENTIALS") // a webhook; there are none
	}
	app, user, err := p.authenticate(bearerOr(r, sent))
	if err != nil {
		return nil, result{}, err
	}
	c := newCall(p, app, user, sent)
	res, err := c.do(name, m, fault.err)
	return c, res, err
}

// newCall takes the parameters out that are not the method's own.
func newCall(p *Portal, app *App, user *User, sent params) *call {
	c := &call{portal: p, app: app, user: user, start: sent.num("start"), now: p.sim.now()}
	c.params = sent.without("auth").without("access_token").without("state").without("start")
	return c
}

// do runs a method for a caller who is known: ordered failure, scope, operating
// limit, then the method itself. mu is held.
func (c *call) do(name string, m method, ordered *restError) (result, error) {
	if ordered != nil {
		return result{}, ordered
	}
	if !c.app.may(m.scope) {
		return result{}, known("insufficient_scope")
	}
	if !c.portal.charge(c.app, name, c.now) {
		return result{}, known("OPERATION_TIME_LIMIT")
	}
	return m.run(c)
}

// may tells whether the application has the scope, or one of several.
func (a *App) may(scope string) bool {
	if scope == "" {
		return true
	}
	for one := range strings.SplitSeq(scope, "|") {
		if slices.Contains(a.Scopes, one) {
			return true
		}
	}
	return false
}

// bearerOr is the access token of a request: header, then auth, then
// access_token.
func bearerOr(r *http.Request, sent params) string {
	if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return token
	}
	if token := sent.str("auth"); token != "" {
		return token
	}
	return sent.str("access_token")
}

// failure is the answer to an error. mu is held.
func (p *Portal) failure(err error) answer {
	e := asRESTError(err)
	return answer{e.status(p.DocStatuses), encodeJSON(e.answer())}
}

// asRESTError makes any error one that REST can tell.
func asRESTError(err error) *restError {
	if e, ok := err.(*restError); ok {
		return e
	}
	return coreError("Internal error")
}

// wholeAnswer is the value itself when it is an error that a method returned
// instead of failing.
func (res result) wholeAnswer() (obj, bool) {
	o, ok := res.value.(obj)
	if !ok {
		return nil, false
	}
	_, code := o.get("error")
	_, text := o.get("error_description")
	return o, code && text
}

// envelope is the answer without its time block.
func (res result) envelope() obj {
	body := obj{{"result", res.value}}
	if res.next != 0 {
		body = body.with("next", res.next)
	}
	if res.paged {
		body = body.with("total", res.total)
	}
	return body
}

// timeBlock tells when the call ran: start and processing are whole seconds, the
// dates are in the server's zone. mu is held.
func (p *Portal) timeBlock(began time.Time, used *operating) obj {
	finish := p.sim.now()
	seconds := func(t time.Time) float64 { return float64(t.UnixMicro()) / 1e6 }
	block := obj{
		{"start", began.Unix()},
		{"finish", seconds(finish)},
		{"duration", seconds(finish) - float64(began.Unix())},
		{"processing", finish.Unix() - began.Unix()},
		{"date_start", began.In(p.zone()).Format(time.RFC3339)},
		{"date_finish", finish.In(p.zone()).Format(time.RFC3339)},
	}
	if used != nil {
		block = block.with("operating_reset_at", used.resetAt(finish).Unix())
		block = block.with("operating", used.sum(finish).Seconds())
	}
	return block
}

// zone is the server's time zone; UTC when none is set.
func (p *Portal) zone() *time.Location {
	if p.ServerZone == nil {
		return time.UTC
	}
	return p.ServerZone
}

// wait sleeps until d has passed or ctx ends; false when it ended.
func wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
