package sweep

import (
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// FuzzFind asks small questions, made of the fuzzer's bytes, of the engine and the
// oracle: windows, slots, who is free and Check must be the same.
//
//	go test ./internal/sweep -run '^$' -fuzz FuzzFind
func FuzzFind(f *testing.F) {
	bytes := rand.NewChaCha8([32]byte{3})
	for _, size := range []int{0, 64, 512, 1024, 4096} {
		seed := make([]byte, size)
		bytes.Read(seed) // never fails
		f.Add(seed)
	}
	f.Fuzz(rapid.MakeFuzz(func(t *rapid.T) { same(t, questions(t)) }))
}
