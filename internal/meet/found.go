package meet

// Found is a person the picker offers, with the names of the departments.
type Found struct {
	Person
	Departments []string
	Named       bool // by the name alone; else position and departments had a part
}
