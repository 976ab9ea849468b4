// Package php reads and writes values as PHP does: what Bitrix24 understands of a
// request, and how its answers look byte for byte, follows from that.
//
//   - params.go: the parameters of a call, and the casts to text, number and flag
//   - read.go: forms with brackets in their names, and JSON
//   - json.go: Array, PHP's ordered array, and how it is written as JSON
package php
