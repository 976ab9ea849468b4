package store

import (
	"path/filepath"
	"strconv"
	"testing"
)

// BenchmarkOpenNew measures what a first start, and so each test with a database of its
// own, pays for its SQLite file.
func BenchmarkOpenNew(b *testing.B) {
	dir := b.TempDir()
	for i := 0; b.Loop(); i++ {
		s, err := Open(b.Context(), "sqlite:"+filepath.Join(dir, strconv.Itoa(i)+".db"))
		if err != nil {
			b.Fatal(err)
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkOpenAgain measures what every later start pays.
func BenchmarkOpenAgain(b *testing.B) {
	address := "sqlite:" + filepath.Join(b.TempDir(), "test.db")
	for b.Loop() {
		s, err := Open(b.Context(), address)
		if err != nil {
			b.Fatal(err)
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
