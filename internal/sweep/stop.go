package sweep

// stopper asks a stop function. Once that has said true it is not asked again.
type stopper struct {
	parent  *stopper    // stops this one, too; nil: none
	ask     func() bool // nil: never stops
	stopped bool
}

// check asks, and reports whether to stop.
func (s *stopper) check() bool {
	if !s.stopped {
		s.stopped = s.parent != nil && s.parent.check() || s.ask != nil && s.ask()
	}
	return s.stopped
}

// budget returns a stopper that also stops when enough says so.
func (s *Search) budget(enough func() bool) *stopper { return &stopper{parent: &s.stop, ask: enough} }
