package bitrix24

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"

	"slotfinder/internal/meet"
)

// The types of objects that the CRM's universal methods take.
const (
	dealType    = "2"
	contactType = "3"
)

// readDeal finds the people of a deal: those who are responsible for it, created it or observe
// it, and those who are responsible for its contacts. It costs one request, and a second one
// if there are contacts.
//
// Only crm.item.get has observers and all contacts; portals without it have crm.deal.get
// (FACTS.md fact 73). What the member may not see adds nobody.
func (c *Audiences) readDeal(ctx context.Context, m meet.Member, key audienceKey, read map[audienceKey][]int64) error {
	ctx, cancel := withReadTimeout(ctx)
	defer cancel()
	began := c.client.cfg.Now()
	id := strconv.FormatInt(key.id, 10)
	outcomes, _, err := c.client.batch(ctx, m, []command{
		{"crm.item.get", url.Values{"entityTypeId": {dealType}, "id": {id}}},
		{"crm.deal.get", url.Values{"id": {id}}},
	})
	if err != nil {
		return err
	}
	people, err := readUserFields(outcomes[0], "item", "assignedById", "createdBy", "observers")
	if err != nil {
		return err
	}
	more, err := readUserFields(outcomes[1], "", "ASSIGNED_BY_ID", "CREATED_BY_ID", "OBSERVER_IDS")
	if err != nil {
		return err
	}
	contacts, err := readUserFields(outcomes[0], "item", "contactIds", "contactId")
	if err != nil {
		return err
	}
	owners, err := c.contactOwners(ctx, m, contacts)
	if err != nil {
		return err
	}
	people = uniqueIDs(slices.Concat(people, more, owners))
	read[key] = people
	c.members.put(key, people, len(people)+1, began)
	return nil
}

// contactOwners returns the people who are responsible for contacts, of the first 50 of these.
func (c *Audiences) contactOwners(ctx context.Context, m meet.Member, contacts []int64) ([]int64, error) {
	if len(contacts) == 0 {
		return nil, nil
	}
	query := url.Values{"entityTypeId": {contactType}, "select[0]": {"id"}, "select[1]": {"assignedById"}}
	for i, id := range contacts[:min(len(contacts), pageSize)] {
		query.Set(fmt.Sprintf("filter[@id][%d]", i), strconv.FormatInt(id, 10))
	}
	outcomes, _, err := c.client.batch(ctx, m, []command{{"crm.item.list", query}})
	if err != nil {
		return nil, err
	}
	if isRefused(outcomes[0]) {
		return nil, nil
	}
	var answer object
	if err := outcomes[0].into(&answer); err != nil {
		return nil, err
	}
	var items array[struct {
		Owner integer `json:"assignedById"`
	}]
	if raw := answer["items"]; raw != nil && json.Unmarshal(raw, &items) != nil {
		return nil, nil
	}
	var owners []int64
	for _, item := range items {
		owners = append(owners, int64(item.Owner))
	}
	return owners, nil
}

// isRefused reports whether the portal refused a command, and didn't just fail.
func isRefused(o outcome) bool {
	return o.err != nil && o.err.Err == nil && o.err.meaning().kind != meet.Busy
}

// readUserFields reads the ids of people in the fields of a record, each a number or a list of
// numbers. Which of the fields there are depends on the portal's version (FACTS.md fact 72). A
// record that is refused has nobody.
func readUserFields(o outcome, wrap string, fields ...string) ([]int64, error) {
	if isRefused(o) {
		return nil, nil
	}
	var record object
	if err := o.into(&record); err != nil {
		return nil, err
	}
	if wrap != "" {
		var inner object
		if json.Unmarshal(record[wrap], &inner) != nil {
			return nil, nil
		}
		record = inner
	}
	var ids []int64
	for _, field := range fields {
		var one integer
		var many array[integer]
		if raw := record[field]; raw == nil || json.Unmarshal(raw, &one) != nil || json.Unmarshal(raw, &many) != nil {
			continue
		}
		for _, id := range append(many, one) {
			if id > 0 {
				ids = append(ids, int64(id))
			}
		}
	}
	return ids, nil
}

// uniqueIDs returns the ids that are positive, each once, in their order.
func uniqueIDs(ids []int64) []int64 {
	var kept []int64
	for _, id := range ids {
		if id > 0 && !slices.Contains(kept, id) {
			kept = append(kept, id)
		}
	}
	return kept
}
