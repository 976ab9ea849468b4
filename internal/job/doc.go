// Package job does work in the background that must survive a restart: what a portal
// tells is answered at once and worked off later, and some things are done from time
// to time.
//
// Jobs lie in the database (Queue). Several processes may share it: each job is leased
// by one of them at a time, and one that dies lets the lease run out. A job that fails
// is tried again, ever later, for about a day. It may therefore be done twice and must
// not mind. Strangers can have jobs added, and choose how long their servers take: so
// there are only so many of a kind for a portal, for who had them added, and in all, and
// of these one is done at a time. Leases and due times go by the queue's clock, as those
// of the processes may differ. A
// queue in memory would be half of the code, but an uninstallation that is
// told once and lost with the process would leave a company's data behind for good;
// River, which the idea is from, knows PostgreSQL only.
//
//	job.go       Job, Queue
//	runner.go    Runner: Handle, Every, Add, Run
package job
