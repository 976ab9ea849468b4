package job

import "context"

// Step does one job that is due, so that tests need no running Runner.
func (r *Runner) Step(ctx context.Context) bool { return r.step(ctx) }
