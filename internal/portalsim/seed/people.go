package seed

import (
	"unicode"
	"unicode/utf8"

	"slotfinder/internal/portalsim/portal"
)

// The zones of the seeded company: seven, one of them half an hour off.
const (
	berlin        = "Europe/Berlin"
	london        = "Europe/London"
	moscow        = "Europe/Moscow"
	yekaterinburg = "Asia/Yekaterinburg"
	kolkata       = "Asia/Kolkata"
	newYork       = "America/New_York"
	saoPaulo      = "America/Sao_Paulo"
)

// The departments of the seeded company. The root is the company itself.
const (
	board = iota + 1
	sales
	product
	engineering
	platform
	support
)

// status is whether somebody works for the company.
type status int

const (
	employed status = iota
	dismissed
	outside // an extranet user: no department, no zone
)

// employee is one line of a staff list; the place of the line is the user's ID.
type employee struct {
	name, lastName, position string
	dept                     int
	zone                     string // "" = the browser's, never stored
	standing                 status
}

// The people whose part in the story is fixed. Anna and the four after them are
// the typical colleagues of a search: they keep no long holidays.
const (
	bossID     = 1
	annaID     = 2
	martaID    = 5
	lukasID    = 6
	priyaID    = 7
	tomID      = 8
	camilleID  = 11
	irinaID    = 13
	onLeaveID  = 23 // on parental leave all the time: no slot ever fits everybody
	hiddenID   = 20 // shows some colleagues nothing, not even busy times
	lastSteady = lukasID
)

// staff returns the people of the seeded company, all of them invented.
func staff() []employee {
	return []employee{
		{"Ruth", "Halden", "Managing Director", board, berlin, employed},
		{"Anna", "Becker", "Head of Sales", sales, berlin, employed},
		{"Дмитрий", "Соколов", "Менеджер по ключевым клиентам", sales, moscow, employed},
		{"João", "Pereira", "Solutions Engineer", sales, london, employed},
		{"Marta", "Kowalska", "Head of Product", product, berlin, employed},
		{"Lukas", "Weber", "Product Designer", product, berlin, employed},
		{"Priya", "Raman", "Data Analyst", product, kolkata, employed},
		{"Tom", "Fischer", "Head of Engineering", engineering, berlin, employed},
		{"Ольга", "Ветрова", "Разработчик", engineering, moscow, employed},
		{"Yusuf", "Demir", "Frontend Engineer", engineering, berlin, employed},
		{"Camille", "Laurent", "Head of Support", support, london, employed},
		{"Giulia", "Romano", "Support Engineer", support, berlin, employed},
		{"Ирина", "Воронцова", "Руководитель платформы", platform, yekaterinburg, employed},
		{"Rahul", "Deshpande", "Site Reliability Engineer", platform, kolkata, employed},
		{"Beatriz", "Gonçalves", "Account Executive", sales, saoPaulo, employed},
		{"Ethan", "Whitlock", "Account Executive", sales, newYork, employed},
		{"Klaus", "Brandt", "Account Executive", sales, berlin, dismissed},
		{"Søren", "Ågård", "Controller", board, berlin, employed},
		{"Zoë", "Hartley", "People Partner", board, london, employed},
		{"Friederike", "Löwenthal", "Chief Financial Officer", board, berlin, employed},
		{"Михаил", "Зорин", "Юрист", board, moscow, employed},
		{"Nils", "Öberg", "Office Manager", board, berlin, employed},
		{"Ingrid", "Åsberg", "Assistant to the Board", board, berlin, employed},
		{"Oliver", "Pemberton", "Account Manager", sales, london, employed},
		{"Наталья", "Белова", "Менеджер по продажам", sales, moscow, employed},
		{"Renata", "Vasconcelos", "Partner Manager", sales, saoPaulo, employed},
		{"Grace", "Okonkwo", "Sales Operations", sales, london, employed},
		{"Matthias", "Krüger", "Key Account Manager", sales, berlin, employed},
		{"Алексей", "Громов", "Инженер по внедрению", sales, yekaterinburg, employed},
		{"Savannah", "Tillman", "Business Developer", sales, newYork, employed},
		{"Jürgen", "Pfeiffer", "Product Manager", product, berlin, employed},
		{"Élodie", "Mercier", "User Researcher", product, london, employed},
		{"Светлана", "Лаврова", "Аналитик", product, moscow, employed},
		{"Ananya", "Iyengar", "Product Manager", product, kolkata, employed},
		{"Felix", "Hoffmeister", "Technical Writer", product, berlin, employed},
		{"Caio", "Figueiredo", "Designer", product, saoPaulo, employed},
		{"Harriet", "Lindley", "Designer", product, london, employed},
		{"Павел", "Чернов", "Аналитик", product, moscow, dismissed},
		{"Jan", "Dvořák", "Backend Engineer", engineering, berlin, employed},
		{"Сергей", "Мельников", "Разработчик", engineering, moscow, employed},
		{"Léa", "Fontaine", "Frontend Engineer", engineering, berlin, employed},
		{"Nathaniel", "Brooks", "Mobile Engineer", engineering, newYork, employed},
		{"Екатерина", "Орлова", "Тестировщик", engineering, moscow, employed},
		{"Kavya", "Bhattacharya", "Backend Engineer", engineering, kolkata, employed},
		{"Stefan", "Reinholt", "Staff Engineer", engineering, berlin, employed},
		{"Ciarán", "O'Donoghue", "Backend Engineer", engineering, london, employed},
		{"Hélène", "Marchetti", "Agency Partner", 0, "", outside},
		{"Андрей", "Тихомиров", "Разработчик", engineering, yekaterinburg, employed},
		{"Birgit", "Nørgaard", "Test Engineer", engineering, berlin, employed},
		{"Виктор", "Лебедев", "Инженер инфраструктуры", platform, yekaterinburg, employed},
		{"Dominik", "Szczepański", "Platform Engineer", platform, berlin, employed},
		{"Margit", "Steinbach", "Database Administrator", platform, berlin, dismissed},
		{"Мария", "Журавлёва", "Инженер данных", platform, moscow, employed},
		{"Arjun", "Venkataraman", "Security Engineer", platform, kolkata, employed},
		{"Paul", "Winterfeld", "Platform Engineer", platform, "", employed},
		{"Роман", "Савельев", "Инженер инфраструктуры", platform, yekaterinburg, employed},
		{"Chloé", "Baptiste", "Support Engineer", support, london, employed},
		{"Юлия", "Корнеева", "Специалист поддержки", support, moscow, employed},
		{"Marcus", "Delacroix", "Support Engineer", support, newYork, employed},
		{"Isabela", "Monteiro", "Support Engineer", support, saoPaulo, employed},
		{"Theresa", "Aigner", "Training Lead", support, berlin, employed},
		{"Фёдор", "Климов", "Специалист поддержки", support, moscow, employed},
		{"Imogen", "Ashworth", "Support Engineer", support, "", employed},
		{"Jordan", "McAllister", "Support Engineer", support, newYork, employed},
	}
}

func departments() []*portal.Department {
	return []*portal.Department{
		{ID: board, Name: "Halden & Vey", Head: bossID, Sort: 100},
		{ID: sales, Name: "Sales", Parent: board, Head: annaID, Sort: 200},
		{ID: product, Name: "Product", Parent: board, Head: martaID, Sort: 300},
		{ID: engineering, Name: "Engineering", Parent: board, Head: tomID, Sort: 400},
		{ID: platform, Name: "Платформа", Parent: engineering, Head: irinaID, Sort: 410},
		{ID: support, Name: "Support", Parent: board, Head: camilleID, Sort: 500},
	}
}

// users turns a staff list into users numbered from 1.
func users(list []employee) []*portal.User {
	out := make([]*portal.User, len(list))
	for i, h := range list {
		u := &portal.User{
			ID: i + 1, Name: h.name, LastName: h.lastName, Position: h.position,
			Zone: h.zone, Active: h.standing != dismissed, Extranet: h.standing == outside,
		}
		if h.dept != 0 {
			u.Departments = []int{h.dept}
		}
		if u.ID%7 != 0 { // every portal has people who never uploaded a photo
			u.Photo = portrait(u.ID)
		}
		out[i] = u
	}
	return out
}

// companyUsers completes the staff with the administrator, second departments, and
// who may see what of whose calendar.
func companyUsers() []*portal.User {
	us := users(staff())
	at := func(id int) *portal.User { return us[id-1] }
	at(bossID).Admin = true
	at(irinaID).Departments = []int{platform, engineering}
	at(priyaID).Departments = []int{product, sales}
	at(hiddenID).HiddenFrom = []int{annaID, 3, 4, 9, 24}
	at(lukasID).TitlesFor = []int{annaID, martaID}
	at(martaID).FullFor = []int{lukasID, bossID}
	at(tomID).PersonalStart, at(tomID).PersonalEnd = "8.00", "17.00"
	return us
}

// cyrillic reports whether somebody writes their titles in Russian.
func cyrillic(u *portal.User) bool {
	first, _ := utf8.DecodeRuneInString(u.Name)
	return unicode.Is(unicode.Cyrillic, first)
}
