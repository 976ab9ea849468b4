// Package job does background work that must survive a restart: events of portals are
// confirmed at once and handled later, and some work is periodic.
//
// Jobs are stored in the database (Queue), which several processes may share. A process
// leases a job while it works on it; if the process dies, the lease expires and another one
// takes the job. A failed job is tried again with growing pauses, for about a day. So a job
// may be done twice, and must cope with that.
//
// Strangers can have jobs added, and their servers decide how long these take. So the
// number of waiting jobs of a kind is limited: per portal, per sender, and in all. Of each
// of these groups one job is done at a time. Leases and due times go by the queue's clock,
// because the clocks of processes may differ.
//
// A queue in memory would be half the code, but an uninstallation is announced once: lost
// with the process, it would leave a company's data behind for good.
//
//	job.go       Job, Queue
//	runner.go    Runner: Handle, Every, Add, Run
package job
