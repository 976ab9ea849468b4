package harness

import (
	"bufio"
	"encoding/json"
	"io"
	"strings"
)

// Log keeps what the program logs and tells the address it listens on.
type Log struct {
	*io.PipeWriter
	Listening chan string
	done      chan struct{}
	lines     strings.Builder
}

// NewLog is an empty log, to be given to a program as its stderr.
func NewLog() *Log {
	reader, writer := io.Pipe()
	l := &Log{PipeWriter: writer, Listening: make(chan string, 1), done: make(chan struct{})}
	go func() {
		defer close(l.done)
		defer close(l.Listening)
		scanner := bufio.NewScanner(reader)
		scanner.Buffer(nil, 1<<20)
		for scanner.Scan() {
			l.lines.WriteString(scanner.Text() + "\n")
			var line struct{ Msg, Address string }
			if json.Unmarshal(scanner.Bytes(), &line) == nil && line.Msg == "listening" {
				l.Listening <- line.Address
			}
		}
	}()
	return l
}

// Close ends the log, when the program has ended.
func (l *Log) Close() {
	_ = l.PipeWriter.Close() // never fails
	<-l.done
}

// Text is everything logged; only after the program has ended.
func (l *Log) Text() string {
	<-l.done
	return l.lines.String()
}
