package part

// Face is a person as an avatar shows him.
type Face struct {
	ID    int64
	Name  string
	Photo string // URL on our own origin, "" = initials
}
