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
func (p *Site) showItem(w http.ResponseWriter, r *http.Request, user *portal.User, title, code string, options php.Array, t workItem) {
	own := !r.URL.Query().Has("app")
	t.Tabs = append([]link{{"General", r.URL.Path, own}}, p.tabs(r, code)...)
	t.App = p.openWidget(r, user, code, launch{kind: tab, options: options})
	p.show(w, r, user, "item", title, t)
}

// peopleOf are copies of the active users among ids, each once.
func (p *Site) peopleOf(ids ...int) []*portal.User {
	p.Lock()
	defer p.Unlock()
	var people []*portal.User
	for i, id := range ids {
		if u := p.User(id); u != nil && u.Active && !slices.Contains(ids[:i], id) {
			seen := *u
			people = append(people, &seen)
		}
	}
	return people
}

func (p *Site) groupsPage(w http.ResponseWriter, r *http.Request, user *portal.User) {
	var links []link
	p.Lock()
	for _, g := range p.Groups {
		if !user.Extranet || g.Has(user.ID) {
			links = append(links, link{Name: g.Name, Href: "/workgroups/group/" + strconv.Itoa(g.ID) + "/"})
		}
	}
	p.Unlock()
	p.show(w, r, user, "list", "Groups", links)
}

// groupPage is a work group with its tabs.
func (p *Site) groupPage(w http.ResponseWriter, r *http.Request, user *portal.User) {
	p.Lock()
	var members []int
	name := ""
	for _, g := range p.Groups {
		if strconv.Itoa(g.ID) == r.PathValue("id") && (!user.Extranet || g.Has(user.ID)) {
			name = g.Name
			for _, m := range g.Members {
				members = append(members, m.User)
			}
		}
	}
	p.Unlock()
	if name == "" {
		p.notFound(w)
		return
	}
	p.showItem(w, r, user, name, "SONET_GROUP_DETAIL_TAB", php.Array{{"GROUP_ID", r.PathValue("id")}}, workItem{About: "Work group", People: p.peopleOf(members...)})
}

func (p *Site) tasksPage(w http.ResponseWriter, r *http.Request, user *portal.User) {
	var links []link
	p.Lock()
	for _, t := range p.Tasks {
		links = append(links, link{Name: t.Title, Href: user.Path() + "tasks/task/view/" + strconv.Itoa(t.ID) + "/"})
	}
	p.Unlock()
	p.show(w, r, user, "list", "Tasks", links)
}

// taskPage is a task with its tabs. Everybody may see it.
func (p *Site) taskPage(w http.ResponseWriter, r *http.Request, user *portal.User) {
	p.Lock()
	at := slices.IndexFunc(p.Tasks, func(t *portal.Task) bool { return strconv.Itoa(t.ID) == r.PathValue("id") })
	var t portal.Task
	if at >= 0 {
		t = *p.Tasks[at]
	}
	p.Unlock()
	if at < 0 {
		p.notFound(w)
		return
	}
	people := slices.Concat([]int{t.Responsible, t.Creator}, t.Accomplices, t.Auditors)
	p.showItem(w, r, user, t.Title, "TASK_VIEW_TAB", php.Array{{"taskId", strconv.Itoa(t.ID)}}, workItem{About: "Task", People: p.peopleOf(people...)})
}

func (p *Site) dealsPage(w http.ResponseWriter, r *http.Request, user *portal.User) {
	var links []link
	p.Lock()
	for _, d := range p.Deals {
		links = append(links, link{Name: d.Title, Href: "/crm/deal/details/" + strconv.Itoa(d.ID) + "/"})
	}
	p.Unlock()
	p.show(w, r, user, "list", "Deals", links)
}

// dealPage is a deal of the CRM with its tabs. Everybody may see it.
func (p *Site) dealPage(w http.ResponseWriter, r *http.Request, user *portal.User) {
	p.Lock()
	at := slices.IndexFunc(p.Deals, func(d *portal.Deal) bool { return strconv.Itoa(d.ID) == r.PathValue("id") })
	var d portal.Deal
	if at >= 0 {
		d = *p.Deals[at]
	}
	p.Unlock()
	if at < 0 {
		p.notFound(w)
		return
	}
	p.showItem(w, r, user, d.Title, "CRM_DEAL_DETAIL_TAB", php.Array{{"ID", strconv.Itoa(d.ID)}}, workItem{About: "Deal with " + d.Client, People: p.peopleOf(slices.Concat([]int{d.Assigned, d.Creator}, d.Observers)...)})
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
func (p *Site) chatPage(w http.ResponseWriter, r *http.Request, user *portal.User) {
	v := chatView{ID: r.URL.Query().Get("IM_DIALOG")}
	p.Lock()
	for _, chat := range p.Chats {
		if slices.Contains(chat.Members, user.ID) {
			id := "chat" + strconv.Itoa(chat.ID)
			v.Dialogs = append(v.Dialogs, link{chat.Name, "/online/?IM_DIALOG=" + id, id == v.ID})
		}
	}
	p.Unlock()
	if v.ID == "" {
		p.show(w, r, user, "chat", "Chats", v)
		return
	}
	name, members := p.dialogOf(user, v.ID)
	if name == "" {
		p.notFound(w)
		return
	}
	if person := p.Person(v.ID); person != nil {
		v.Dialogs = append(v.Dialogs, link{name, "/online/?IM_DIALOG=" + v.ID, true})
	}
	v.People = p.peopleOf(members...)
	v.Lines = p.linesOf(user, v.ID)
	v.Side, v.Tools = p.tabs(r, "IM_SIDEBAR"), p.tabs(r, "IM_TEXTAREA")
	options := php.Array{{"dialogId", v.ID}}
	v.SideApp = p.openWidget(r, user, "IM_SIDEBAR", launch{kind: slider, options: options})
	v.ToolApp = p.openWidget(r, user, "IM_TEXTAREA", launch{kind: popup, options: options})
	p.show(w, r, user, "chat", name, v)
}

// dialogOf is the name of a dialogue in which the user takes part, and its
// members.
func (p *Site) dialogOf(user *portal.User, id string) (name string, members []int) {
	if other := p.Person(id); other != nil {
		return other.FullName(), []int{user.ID, other.ID}
	}
	p.Lock()
	defer p.Unlock()
	for _, chat := range p.Chats {
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

func (p *Site) linesOf(user *portal.User, id string) []chatLine {
	p.Lock()
	said := slices.Clone(p.chats[dialogKey(user, id)])
	p.Unlock()
	var lines []chatLine
	for _, l := range said {
		if u := p.Person(strconv.Itoa(l.user)); u != nil {
			lines = append(lines, chatLine{u.FullName(), p.withLinks(l.text)})
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
func (p *Site) postMessage(w http.ResponseWriter, r *http.Request, user *portal.User) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<16)
	id, text := r.PostFormValue("dialog"), r.PostFormValue("text")
	if name, _ := p.dialogOf(user, id); name == "" || len(text) > maxLine {
		p.notFound(w)
		return
	}
	if text != "" {
		p.Lock()
		key := dialogKey(user, id)
		said := append(p.chats[key], chatMessage{user.ID, text})
		p.chats[key] = said[max(0, len(said)-maxSaid):]
		p.Unlock()
	}
	http.Redirect(w, r, "/online/?"+url.Values{"IM_DIALOG": {id}}.Encode(), http.StatusSeeOther)
}
