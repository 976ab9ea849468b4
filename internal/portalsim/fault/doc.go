// Package fault has everything that goes wrong in an answer.
//
//   - error.go: the errors of REST with their codes, texts and statuses
//   - fault.go: faults that a test orders, in a queue for each method
//   - answer.go: how an answer is sent, or spoilt as ordered
package fault
