package rest

import (
	"testing"

	"slotfinder/internal/portalsim/php"
)

func TestBatchReferenceInjects(t *testing.T) {
	t.Parallel()
	// Text of people in a batch can pull other answers in: that is why a client
	// must not put any there.
	var ans batchAnswer
	ans.result = php.Array{{"me", php.Array{{"NAME", "Anna"}}}, {"ids", []int{4, 5}}}
	want := `{"title":"Hello Anna!","whole":{"NAME":"Anna"},"ids":[4,5],"list":["Anna","plain"],"price":"$5 [x]"}`
	got := string(php.Encode(php.Array(ans.resolve(php.ParseForm("title=Hello+$result[me][NAME]!&whole=$result[me]&ids=$result[ids]&list[]=$result[me][NAME]&list[]=plain&price=$5+[x]")))))
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
