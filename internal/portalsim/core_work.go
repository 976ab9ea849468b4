package portalsim

import (
	"net/http"
	"slices"
	"strconv"
)

// taskGet is tasks.task.get: ids are strings, names of fields in camel case.
// Unlike Bitrix24 it shows every task to everybody and takes no select.
func taskGet(c *call) (result, error) {
	id := c.params.upper().num("TASKID")
	for _, t := range c.portal.Tasks {
		if t.ID == id {
			return result{value: obj{{"task", obj{
				{"id", strconv.Itoa(t.ID)},
				{"title", t.Title},
				{"createdBy", strconv.Itoa(t.Creator)},
				{"responsibleId", strconv.Itoa(t.Responsible)},
				{"accomplices", texts(t.Accomplices)},
				{"auditors", texts(t.Auditors)},
				{"groupId", "0"},
			}}}}, nil
		}
	}
	return result{}, &restError{Code: "1048582", Text: "TASKS_ERROR_EXCEPTION_#8; Action failed; 8/TE/ACTION_FAILED_TO_BE_PROCESSED", Status: http.StatusBadRequest}
}

// dealGet is crm.deal.get: every value is a string.
func dealGet(c *call) (result, error) {
	id := c.params.upper().num("ID")
	for _, d := range c.portal.Deals {
		if d.ID == id {
			return result{value: obj{
				{"ID", strconv.Itoa(d.ID)},
				{"TITLE", d.Title},
				{"STAGE_ID", "NEW"},
				{"ASSIGNED_BY_ID", strconv.Itoa(d.Assigned)},
				{"CREATED_BY_ID", strconv.Itoa(d.Creator)},
			}}, nil
		}
	}
	return result{}, badRequest("Not found")
}

// The types of CRM objects that the simulator knows.
const (
	dealType    = 2
	contactType = 3
)

// itemsOf refuses what is asked of another type, or by somebody who is no employee.
func (c *call) itemsOf(kind int) error {
	switch {
	case c.user.Extranet:
		return &restError{Code: "allowed_only_intranet_user", Text: "Action is allowed only to intranet users", Status: http.StatusForbidden}
	case c.params.upper().num("ENTITYTYPEID") != kind:
		return &restError{Code: "NOT_FOUND", Text: "SPA not found", Status: http.StatusBadRequest}
	}
	return nil
}

// itemGet is crm.item.get for deals: numbers are numbers, names of fields in camel
// case. Only employees may ask.
func itemGet(c *call) (result, error) {
	sent := c.params.upper()
	if err := c.itemsOf(dealType); err != nil {
		return result{}, err
	}
	for _, d := range c.portal.Deals {
		if d.ID == sent.num("ID") {
			return result{value: obj{{"item", obj{
				{"id", d.ID},
				{"title", d.Title},
				{"createdBy", d.Creator},
				{"assignedById", d.Assigned},
				{"companyId", 0},
				{"contactId", slices.Concat(d.Contacts, []int{0})[0]},
				{"observers", numbers(d.Observers)},
				{"contactIds", numbers(d.Contacts)},
				{"entityTypeId", dealType},
			}}}}, nil
		}
	}
	return result{}, &restError{Code: "NOT_FOUND", Text: "Element not found", Status: http.StatusBadRequest}
}

// itemList is crm.item.list for contacts, by their ids and with the fields selected.
func itemList(c *call) (result, error) {
	sent := c.params.upper()
	if err := c.itemsOf(contactType); err != nil {
		return result{}, err
	}
	value, _ := sent.sub("FILTER").get("@id")
	wanted, _ := phpItems(value)
	value, _ = sent.get("SELECT")
	fields, _ := phpItems(value)
	rows := []obj{}
	for _, contact := range c.portal.Contacts {
		if !slices.ContainsFunc(wanted, func(id any) bool { return phpInt(phpString(id)) == contact.ID }) {
			continue
		}
		all := obj{{"id", contact.ID}, {"name", contact.Name}, {"assignedById", contact.Assigned}}
		rows = append(rows, slices.DeleteFunc(all, func(f field) bool { return len(fields) > 0 && !slices.Contains(fields, any(f.key)) }))
	}
	return result{value: obj{{"items", rows}}, paged: true, total: len(rows)}, nil
}

// numbers are ids as JSON has them, an empty list for none.
func numbers(ids []int) []int { return append([]int{}, ids...) }

func texts(ids []int) []string {
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = strconv.Itoa(id)
	}
	return list
}
