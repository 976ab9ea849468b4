package company

import (
	"net/http"
	"slices"
	"strconv"

	"slotfinder/internal/portalsim/fault"
	"slotfinder/internal/portalsim/php"
	"slotfinder/internal/portalsim/rest"
)

// taskGet is tasks.task.get: ids are strings, names of fields are in camel case.
// Other than Bitrix24 it shows every task to everybody and ignores select.
func taskGet(c *call) (rest.Result, error) {
	id := c.Params.Upper().Int("TASKID")
	for _, t := range c.company.Tasks {
		if t.ID == id {
			return rest.Result{Value: php.Array{{"task", php.Array{
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
	return rest.Result{}, &fault.Error{Code: "1048582", Text: "TASKS_ERROR_EXCEPTION_#8; Action failed; 8/TE/ACTION_FAILED_TO_BE_PROCESSED", Status: http.StatusBadRequest}
}

// dealGet is crm.deal.get: every value is a string.
func dealGet(c *call) (rest.Result, error) {
	id := c.Params.Upper().Int("ID")
	for _, d := range c.company.Deals {
		if d.ID == id {
			return rest.Result{Value: php.Array{
				{"ID", strconv.Itoa(d.ID)},
				{"TITLE", d.Title},
				{"STAGE_ID", "NEW"},
				{"ASSIGNED_BY_ID", strconv.Itoa(d.Assigned)},
				{"CREATED_BY_ID", strconv.Itoa(d.Creator)},
			}}, nil
		}
	}
	return rest.Result{}, fault.BadRequest("Not found")
}

// The types of CRM objects that the simulator knows.
const (
	dealType    = 2
	contactType = 3
)

// itemsOf refuses other types, and callers who are no employees.
func (c *call) itemsOf(kind int) error {
	switch {
	case c.User.Extranet:
		return &fault.Error{Code: "allowed_only_intranet_user", Text: "Action is allowed only to intranet users", Status: http.StatusForbidden}
	case c.Params.Upper().Int("ENTITYTYPEID") != kind:
		return &fault.Error{Code: "NOT_FOUND", Text: "SPA not found", Status: http.StatusBadRequest}
	}
	return nil
}

// itemGet is crm.item.get for deals, for employees only: numbers are numbers,
// names of fields are in camel case.
func itemGet(c *call) (rest.Result, error) {
	sent := c.Params.Upper()
	if err := c.itemsOf(dealType); err != nil {
		return rest.Result{}, err
	}
	for _, d := range c.company.Deals {
		if d.ID == sent.Int("ID") {
			return rest.Result{Value: php.Array{{"item", php.Array{
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
	return rest.Result{}, &fault.Error{Code: "NOT_FOUND", Text: "Element not found", Status: http.StatusBadRequest}
}

// itemList is crm.item.list for contacts, by their ids, with the fields selected.
func itemList(c *call) (rest.Result, error) {
	sent := c.Params.Upper()
	if err := c.itemsOf(contactType); err != nil {
		return rest.Result{}, err
	}
	value, _ := sent.Sub("FILTER").Get("@id")
	wanted, _ := php.Items(value)
	value, _ = sent.Get("SELECT")
	fields, _ := php.Items(value)
	rows := []php.Array{}
	for _, contact := range c.company.Contacts {
		if !slices.ContainsFunc(wanted, func(id any) bool { return php.Int(php.Text(id)) == contact.ID }) {
			continue
		}
		all := php.Array{{"id", contact.ID}, {"name", contact.Name}, {"assignedById", contact.Assigned}}
		rows = append(rows, slices.DeleteFunc(all, func(f php.Field) bool { return len(fields) > 0 && !slices.Contains(fields, any(f.Key)) }))
	}
	return rest.Result{Value: php.Array{{"items", rows}}, Paged: true, Total: len(rows)}, nil
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
