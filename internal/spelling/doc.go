// Package spelling finds names that are typed otherwise than they are written: Müller
// as mueller, O’Connor as oconnor, Щукин as schukin, Παπαδόπουλος as papadopoulos, and
// the other way round.
//
// A letter, or a pair of letters, may be written in several ways: table.go says in
// which, and after which standard. A text is thus not one string but all that can be
// made by choosing a way for each of its letters. What is typed is such a set, too, and
// finds a text if one of its strings begins a word of one of the text's. The sets are
// never written out: match.go walks through both letter by letter, and turns back where
// they differ.
//
// Work is bounded for each text, since names come from strangers: a text has at most
// maxLetters, and the walk at most maxSteps.
package spelling
