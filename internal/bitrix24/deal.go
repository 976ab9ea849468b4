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

// readDeal finds those who have to do with a deal: who looks after it, who has made it,
// who watches it, and who looks after its contacts. It costs one request, and a second
// one if there are contacts.
//
// Only crm.item.get tells of observers and of all contacts; portals without it have
// crm.deal.get. What the member may not see has nobody.
func (c *Circles) readDeal(ctx context.Context, m meet.Member, key circleKey, read map[circleKey][]int64) error {
	ctx, cancel := hurried(ctx)
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
	people, err := readInvolved(outcomes[0], "item", "assignedById", "createdBy", "observers")
	if err != nil {
		return err
	}
	more, err := readInvolved(outcomes[1], "", "ASSIGNED_BY_ID", "CREATED_BY_ID", "OBSERVER_IDS")
	if err != nil {
		return err
	}
	contacts, err := readInvolved(outcomes[0], "item", "contactIds", "contactId")
	if err != nil {
		return err
	}
	owners, err := c.ownersOf(ctx, m, contacts)
	if err != nil {
		return err
	}
	people = distinct(slices.Concat(people, more, owners))
	read[key] = people
	c.members.put(key, people, len(people)+1, began)
	return nil
}

// ownersOf are those who look after contacts, of which the first 50 are looked at.
func (c *Circles) ownersOf(ctx context.Context, m meet.Member, contacts []int64) ([]int64, error) {
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
	if refused(outcomes[0]) {
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

// refused reports whether the portal withholds something rather than fails.
func refused(o outcome) bool {
	return o.err != nil && o.err.Err == nil && o.err.meaning().kind != meet.Busy
}

// readInvolved reads the people that fields of a record name, each a number or a
// list of numbers. Which of them are there depends on the portal's version; a record
// that is withheld has nobody.
func readInvolved(o outcome, wrap string, fields ...string) ([]int64, error) {
	if refused(o) {
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

// distinct are the ids of people, each once, in their order.
func distinct(ids []int64) []int64 {
	var kept []int64
	for _, id := range ids {
		if id > 0 && !slices.Contains(kept, id) {
			kept = append(kept, id)
		}
	}
	return kept
}
