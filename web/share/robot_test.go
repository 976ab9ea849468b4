package share

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// Browsers, as they call themselves.
const (
	firefox   = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
	chrome    = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
	oldSafari = "Mozilla/5.0 (iPhone; CPU iPhone OS 12_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/12.1.2 Mobile/15E148 Safari/604.1"
)

// Who opens a link, and who only looks whether there is something to preview.
func TestRobotsOpenNothing(t *testing.T) {
	t.Parallel()
	to := func(dest, mode string) []string { return []string{"Sec-Fetch-Dest", dest, "Sec-Fetch-Mode", mode} }
	page := to("document", "navigate")
	for _, c := range []struct {
		name, agent string
		headers     []string
		opens       bool
	}{
		{"a browser", firefox, page, true},
		{"an old browser", oldSafari, []string{"Accept-Language", "de", "Accept", "text/html"}, true},
		{"a browser through a proxy that leaves little", chrome, nil, true},
		{"a phone whose maker ends in bot", "Mozilla/5.0 (Linux; Android 13; CUBOT X70) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36", page, true},
		{"the same, with more behind it", "Mozilla/5.0 (Linux; Android 11; CUBOT_NOTE_20 Build/RP1A) AppleWebKit/537.36 Chrome/142.0.0.0 Mobile Safari/537.36", page, true},
		{"the same, with nothing", "Mozilla/5.0 (Linux; Android 9; CUBOT) AppleWebKit/537.36 Chrome/142.0.0.0 Mobile Safari/537.36", page, true},
		{"Facebook's own browser", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/22B83 [FBAN/FBIOS;FBAV/489.0]", page, true},
		{"VK's own browser", "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/142.0.0.0 Mobile Safari/537.36 VKAndroidApp/8.100", page, true},
		{"Yandex's browser", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 YaBrowser/25.10 Safari/537.36", page, true},
		{"nobody says who", "", nil, true},

		{"a script of a page", firefox, to("empty", "cors"), false},
		{"a picture", firefox, to("image", "no-cors"), false},
		{"a frame", firefox, to("iframe", "navigate"), false},
		{"a browser that fetches ahead", chrome, append([]string{"Sec-Purpose", "prefetch"}, page...), false},
		{"and prepares the page", chrome, append([]string{"Sec-Purpose", "prefetch;prerender"}, page...), false},
		{"an older one", chrome, append([]string{"Purpose", "prefetch"}, page...), false},
		{"Firefox long ago", firefox, []string{"X-Moz", "prefetch"}, false},
		{"Safari's preview", oldSafari, []string{"X-Purpose", "preview"}, false},

		{"Telegram", "TelegramBot (like TwitterBot)", nil, false},
		{"WhatsApp", "WhatsApp/2.23.20.0", nil, false},
		{"WhatsApp on phones", "WhatsApp/2.24.8.78 A", nil, false},
		{"Slack", "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", nil, false},
		{"Slack, pictures", "Slack-ImgProxy (+https://api.slack.com/robots)", nil, false},
		{"Teams and Skype", "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com", nil, false},
		{"Teams", "Mozilla/5.0 (compatible; MicrosoftPreview/2.0; +https://aka.ms/MicrosoftPreview) Chrome/142.0.0.0 Safari/537.36", page, false},
		{"Facebook", "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)", nil, false},
		{"Meta", "meta-externalagent/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)", nil, false},
		{"iMessage", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0", []string{"Accept-Language", "en"}, false},
		{"Twitter", "Twitterbot/1.0", nil, false},
		{"LinkedIn", "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)", nil, false},
		{"Discord", "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)", nil, false},
		{"Bitrix24", "Bitrix link preview", nil, false},
		{"Bitrix24 in a browser's clothes", "Mozilla/5.0 (compatible; Bitrix link preview)", []string{"Accept-Language", "ru"}, false},
		{"Viber", "Viber/25.1.0.2 CFNetwork/1568.200.51 Darwin/24.1.0", nil, false},
		{"VK", "Mozilla/5.0 (compatible; vkShare; +http://vk.com/dev/Share)", nil, false},
		{"Google", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", nil, false},
		{"Google, as a phone", "Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 Chrome/142.0.0.0 Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", page, false},
		{"Bing", "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", nil, false},
		{"Bing's preview", "Mozilla/5.0 (Windows NT 6.1; WOW64) AppleWebKit/534+ (KHTML, like Gecko) BingPreview/1.0b", nil, false},
		{"Yandex", "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)", nil, false},
		{"somebody's robot", "ExampleBot/1.0", nil, false},
		{"somebody's phone", "okhttp/4.12.0", nil, false},
	} {
		r := httptest.NewRequest(http.MethodGet, "/s/TOKEN", nil)
		r.Header.Set("User-Agent", c.agent)
		for i := 0; i < len(c.headers); i += 2 {
			r.Header.Set(c.headers[i], c.headers[i+1])
		}
		if got := opens(r); got != c.opens {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
