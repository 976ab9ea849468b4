package portalsim

import (
	"net/http"
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

func texts(ids []int) []string {
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = strconv.Itoa(id)
	}
	return list
}
