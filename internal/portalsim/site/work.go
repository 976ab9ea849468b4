package site

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"slotfinder/internal/portalsim/php"
	"slotfinder/internal/portalsim/portal"
)

// workItem is a group, task or deal, with the people who take part in it and its
// tabs.
type workItem struct {
	About  string // what the page says of it
	People []*portal.User
	Tabs   []link // the object itself and its widgets
	App    *appFrame
}

// showItem shows such an object, or the widget chosen on its page.
func (s *Site) showItem(w http.ResponseWriter, r *http.Request, user *portal.User, title, code string, options php.Array, t workItem) {
	own := !r.URL.Query().Has("app")
	t.Tabs = append([]link{{"General", r.URL.Path, own}}, s.tabs(r, code)...)
	t.App = s.openWidget(r, user, code, launch{kind: tab, options: options})
	s.show(w, r, user, "item", title, t)
}

// peopleOf are copies of the active users among ids, each once.
func (s *Site) peopleOf(ids ...int) []*portal.User {
	s.Lock()
	defer s.Unlock()
	var people []*portal.User
	for i, id := range ids {
		if u := s.User(id); u != nil && u.Active && !slices.Contains(ids[:i], id) {
			seen := *u
			people = append(people, &seen)
		}
	}
	return people
}

func (s *Site) groupsPage(w http.ResponseWriter, r *http.Request, user *portal.User) {
	var links []link
	s.Lock()
	for _, g := range s.Groups {
		if !user.Extranet || g.Has(user.ID) {
			links = append(links, link{Name: g.Name, Href: "/workgroups/group/" + strconv.Itoa(g.ID) + "/"})
		}
	}
	s.Unlock()
	s.show(w, r, user, "list", "Groups", links)
}

// groupPage is a work group with its tabs.
func (s *Site) groupPage(w http.ResponseWriter, r *http.Request, user *portal.User) {
	s.Lock()
	var members []int
	name := ""
	for _, g := range s.Groups {
		if strconv.Itoa(g.ID) == r.PathValue("id") && (!user.Extranet || g.Has(user.ID)) {
			name = g.Name
			for _, m := range g.Members {
				members = append(members, m.User)
			}
		}
	}
	s.Unlock()
	if name == "" {
		s.notFound(w)
		return
	}
	s.showItem(w, r, user, name, "SONET_GROUP_DETAIL_TAB", php.Array{{"GROUP_ID", r.PathValue("id")}}, workItem{About: "Work group", People: s.peopleOf(members...)})
}

func (s *Site) tasksPage(w http.ResponseWriter, r *http.Request, user *portal.User) {
	var links []link
	s.Lock()
	for _, t := range s.Tasks {
		links = append(links, link{Name: t.Title, Href: user.Path() + "tasks/task/view/" + strconv.Itoa(t.ID) + "/"})
	}
	s.Unlock()
	s.show(w, r, user, "list", "Tasks", links)
}

// taskPage is a task with its tabs. Everybody may see it.
func (s *Site) taskPage(w http.ResponseWriter, r *http.Request, user *portal.User) {
	s.Lock()
	at := slices.IndexFunc(s.Tasks, func(t *portal.Task) bool { return strconv.Itoa(t.ID) == r.PathValue("id") })
	var t portal.Task
	if at >= 0 {
		t = *s.Tasks[at]
	}
	s.Unlock()
	if at < 0 {
		s.notFound(w)
		return
	}
	people := slices.Concat([]int{t.Responsible, t.Creator}, t.Accomplices, t.Auditors)
	s.showItem(w, r, user, t.Title, "TASK_VIEW_TAB", php.Array{{"taskId", strconv.Itoa(t.ID)}}, workItem{About: "Task", People: s.peopleOf(people...)})
}

func (s *Site) dealsPage(w http.ResponseWriter, r *http.Request, user *portal.User) {
	var links []link
	s.Lock()
	for _, d := range s.Deals {
		links = append(links, link{Name: d.Title, Href: "/crm/deal/details/" + strconv.Itoa(d.ID) + "/"})
	}
	s.Unlock()
	s.show(w, r, user, "list", "Deals", links)
}

// dealPage is a deal of the CRM with its tabs. Everybody may see it.
func (s *Site) dealPage(w http.ResponseWriter, r *http.Request, user *portal.User) {
	s.Lock()
	at := slices.IndexFunc(s.Deals, func(d *portal.Deal) bool { return strconv.Itoa(d.ID) == r.PathValue("id") })
	var d portal.Deal
	if at >= 0 {
		d = *s.Deals[at]
	}
	s.Unlock()
	if at < 0 {
		s.notFound(w)
		return
	}
	s.showItem(w, r, user, d.Title, "CRM_DEAL_DETAIL_TAB", php.Array{{"ID", strconv.Itoa(d.ID)}}, workItem{About: "Deal with " + d.Client, People: s.peopleOf(slices.Concat([]int{d.Assigned, d.Creator}, d.Observers)...)})
}

// chatMessage is a message in a dialogue.
type chatMessage struct {
	user int
	text string
}

// chatView is the messenger.
type chatView struct {
	Dialogs []link
	ID      string // of the open dialogue, "" = none
	People  []*portal.User
	Lines   []chatLine
	Side    []link // widgets beside the chat
	Tools   []link // widgets at the message field
	SideApp *appFrame
	ToolApp *appFrame
}

type chatLine struct {
	Name  string
	Parts []textPart
}

// chatPage is the messenger. IM_DIALOG names a dialogue: "chat71" or a user.
func (s *Site) chatPage(w http.ResponseWriter, r *http.Request, user *portal.User) {
	v := chatView{ID: r.URL.Query().Get("IM_DIALOG")}
	s.Lock()
	for _, chat := range s.Chats {
		if slices.Contains(chat.Members, user.ID) {
			id := "chat" + strconv.Itoa(chat.ID)
			v.Dialogs = append(v.Dialogs, link{chat.Name, "/online/?IM_DIALOG=" + id, id == v.ID})
		}
	}
	s.Unlock()
	if v.ID == "" {
		s.show(w, r, user, "chat", "Chats", v)
		return
	}
	name, members := s.dialogOf(user, v.ID)
	if name == "" {
		s.notFound(w)
		return
	}
	if person := s.Person(v.ID); person != nil {
		v.Dialogs = append(v.Dialogs, link{name, "/online/?IM_DIALOG=" + v.ID, true})
	}
	v.People = s.peopleOf(members...)
	v.Lines = s.linesOf(user, v.ID)
	v.Side, v.Tools = s.tabs(r, "IM_SIDEBAR"), s.tabs(r, "IM_TEXTAREA")
	options := php.Array{{"dialogId", v.ID}}
	v.SideApp = s.openWidget(r, user, "IM_SIDEBAR", launch{kind: slider, options: options})
	v.ToolApp = s.openWidget(r, user, "IM_TEXTAREA", launch{kind: popup, options: options})
	s.show(w, r, user, "chat", name, v)
}

// dialogOf is the name of a dialogue in which the user takes part, and its
// members.
func (s *Site) dialogOf(user *portal.User, id string) (name string, members []int) {
	if other := s.Person(id); other != nil {
		return other.FullName(), []int{user.ID, other.ID}
	}
	s.Lock()
	defer s.Unlock()
	for _, chat := range s.Chats {
		if "chat"+strconv.Itoa(chat.ID) == id && slices.Contains(chat.Members, user.ID) {
			return chat.Name, slices.Clone(chat.Members)
		}
	}
	return "", nil
}

// dialogKey is the same for both people of a dialogue of two.
func dialogKey(user *portal.User, id string) string {
	other, err := strconv.Atoi(id)
	if err != nil {
		return id
	}
	return strconv.Itoa(min(user.ID, other)) + "+" + strconv.Itoa(max(user.ID, other))
}

func (s *Site) linesOf(user *portal.User, id string) []chatLine {
	s.Lock()
	said := slices.Clone(s.chats[dialogKey(user, id)])
	s.Unlock()
	var lines []chatLine
	for _, l := range said {
		if u := s.Person(strconv.Itoa(l.user)); u != nil {
			lines = append(lines, chatLine{u.FullName(), s.withLinks(l.text)})
		}
	}
	return lines
}

// maxSaid bounds a dialogue, maxLine a message in bytes.
const (
	maxSaid = 200
	maxLine = 20_000
)

// postMessage sends a message to a dialogue.
func (s *Site) postMessage(w http.ResponseWriter, r *http.Request, user *portal.User) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<16)
	id, text := r.PostFormValue("dialog"), r.PostFormValue("text")
	if name, _ := s.dialogOf(user, id); name == "" || len(text) > maxLine {
		s.notFound(w)
		return
	}
	if text != "" {
		s.Lock()
		key := dialogKey(user, id)
		said := s.chats[key]
		said = append(said, chatMessage{user.ID, text})
		s.chats[key] = said[max(0, len(said)-maxSaid):]
		s.Unlock()
	}
	http.Redirect(w, r, "/online/?"+url.Values{"IM_DIALOG": {id}}.Encode(), http.StatusSeeOther)
}
