package share

import (
	"net/http"
	"strings"
)

// robots are parts of the names, in small letters, by which programs call themselves
// that fetch a page without anybody having opened it: to show a preview of it, or to
// list it.
var robots = []string{
	// chats and social networks
	"telegrambot", "whatsapp/", "skypeuripreview", "microsoftpreview", "microsoft office", "ms-office", "teamsbot", "slackbot", "slack-imgproxy",
	"facebookexternalhit", "facebookcatalog", "facebot", "meta-externalagent", "meta-externalfetcher", "twitterbot", "linkedinbot", "discordbot",
	"bitrix", "viber/", "viberbot", "vkshare", "vkrobot", "odklbot", "mail.ru_bot", "pinterest", "redditbot", "tumblr", "mattermost", "rocket.chat",
	"zulipurlpreview", "synapse", "line-poker", "kakaotalk-scrap", "snap url preview", "embedly", "iframely", "opengraph", "linkpreview", "link preview", "urlpreview",
	// search engines and their tools
	"googlebot", "google-inspectiontool", "google-pagerenderer", "google-read-aloud", "googleother", "feedfetcher", "mediapartners", "apis-google",
	"google web preview", "google-safety", "bingbot", "bingpreview", "yandexbot", "yandex.com/bots", "applebot", "duckduckbot", "baiduspider",
	// mail filters, which follow the links of a mail
	"barracuda", "proofpoint", "mimecast", "urlscan",
	// what robots call themselves when they have no name here
	"+http", "bot/", "bot;", "bot)", "bots)", "bot (", "crawler", "spider", "headlesschrome",
	// what apps on phones make previews with
	"okhttp/", "cfnetwork/", "dalvik/",
}

// opens reports whether a request is somebody's who opens the page, and not a robot's
// or a browser's that fetches it in case somebody will. A browser says that it goes to
// a page; those that are too old to say so count when they don't call themselves a
// robot. Many robots call themselves a browser as well, so their name comes first.
func opens(r *http.Request) bool {
	h := r.Header
	switch {
	case fetchedAhead(h), isRobot(h.Get("User-Agent")):
		return false
	case h.Get("Sec-Fetch-Mode") != "" || h.Get("Sec-Fetch-Dest") != "":
		return h.Get("Sec-Fetch-Mode") == "navigate" && h.Get("Sec-Fetch-Dest") == "document"
	}
	return true
}

// fetchedAhead reports whether a browser says that nobody has asked for the page yet,
// by one of the names under which browsers have said so.
func fetchedAhead(h http.Header) bool {
	for _, name := range []string{"Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"} {
		value := strings.ToLower(h.Get(name))
		for _, purpose := range []string{"prefetch", "prerender", "preview"} {
			if strings.Contains(value, purpose) {
				return true
			}
		}
	}
	return false
}

func isRobot(userAgent string) bool {
	name := strings.ReplaceAll(strings.ToLower(userAgent), "cubot", "") // a maker of phones
	for _, robot := range robots {
		if strings.Contains(name, robot) {
			return true
		}
	}
	return false
}
