package bitrix24

import (
	"encoding/json"
	"fmt"
	"testing"

	"slotfinder/internal/meet"
)

// TestInvolved: the people of a task are found, in whatever form the portal's version has them. A
// task that is refused has nobody.
func TestInvolved(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind         meet.AudienceKind
		result, want string
	}{
		{meet.AudienceTask, `{"task":{"id":"31","responsibleId":"3","createdBy":2,"accomplices":["4","5"],"auditors":[]}}`, "[3 2 4 5]"},
		{meet.AudienceTask, `{"task":{"responsibleId":"3","accomplices":{"0":"4","2":"5"},"auditors":false}}`, "[3 4 5]"},
		{meet.AudienceTask, `{"task":[]}`, "[]"},
		{meet.AudienceTask, `[]`, "[]"},
		{meet.AudienceTask, `{"task":{"responsibleId":null,"createdBy":"-1","accomplices":"x"}}`, "[]"},
	} {
		got, err := audienceKey{kind: c.kind}.members(outcome{result: json.RawMessage(c.result)})
		if err != nil || fmt.Sprint(got) != c.want {
			t.Errorf("%s %s: %v, %v", c.kind, c.result, got, err)
		}
	}
	for _, code := range []string{codeScope, codeNoMethod, "ACCESS_DENIED", "ERROR_CORE"} {
		if got, err := (audienceKey{kind: meet.AudienceTask}).members(outcome{err: &Error{Code: code, Status: 400}}); err != nil || got != nil {
			t.Errorf("%s: %v, %v", code, got, err)
		}
	}
	if _, err := (audienceKey{kind: meet.AudienceTask}).members(outcome{err: &Error{Code: codeTooFast, Status: 503}}); err == nil {
		t.Error("a portal that asks to wait has nobody")
	}
}
