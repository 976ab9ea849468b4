package sweep

// brake asks a stop function. Once it has said stop it is not asked again.
type brake struct {
	above *brake      // ends this one, too; nil: none
	ask   func() bool // nil: never stops
	on    bool
}

// pulled reports whether to stop.
func (b *brake) pulled() bool {
	if !b.on {
		b.on = b.above != nil && b.above.pulled() || b.ask != nil && b.ask()
	}
	return b.on
}

// within returns a brake that is also pulled when enough says so.
func (s *Search) within(enough func() bool) *brake { return &brake{above: &s.brake, ask: enough} }

// Stopped reports whether Input.Stop has ended the search. It then knows nothing, and
// finds nothing, until it is Reset.
func (s *Search) Stopped() bool { return s.brake.on }
