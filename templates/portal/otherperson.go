package portal

// OtherPersonView is the page for somebody who has come back as another person.
type OtherPersonView struct {
	Name, Host       string // who has come, and from which portal
	OldName, OldHost string // who is signed in
}
