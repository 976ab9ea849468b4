package config_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/config"
)

// secretive is a configuration in which every secret has the mark "hush".
func secretive(t *testing.T) config.Config {
	return load(t,
		"SLOTFINDER_SECRET", key(1)+","+key(2),
		"SLOTFINDER_DATABASE", "postgres://hush-user:hush-1@db:5432/slots?password=hush-2",
		"SLOTFINDER_TRUSTED_PROXIES", "10.0.0.0/8,fd00::/8",
		"BITRIX24_LOCAL_APPS", `[{"portal":"a.example","client_id":"i","client_secret":"hush-3"},{"portal":"b.example","client_id":"j","client_secret":"hush-4"}]`,
	)
}

func TestString(t *testing.T) {
	t.Parallel()
	want := `SLOTFINDER_LISTEN=127.0.0.1:8080
SLOTFINDER_ADMIN_LISTEN=
SLOTFINDER_PUBLIC_URL=https://slots.example.com
SLOTFINDER_DATABASE=postgres://db:5432/slots
SLOTFINDER_SECRET=[redacted] ×2
SLOTFINDER_TRUSTED_PROXIES=10.0.0.0/8,fd00::/8
SLOTFINDER_DRAIN=3s
SLOTFINDER_LOG=info
BITRIX24_CLIENT_ID=local.1
BITRIX24_CLIENT_SECRET=[redacted]
BITRIX24_LOCAL_APPS=a.example,b.example
BITRIX24_AUTH_SERVERS=https://oauth.bitrix.info,https://oauth.bitrix24.tech
BITRIX24_PRIVATE_NETWORKS=
BITRIX24_ALLOW_INSECURE=false
`
	if diff := cmp.Diff(want, secretive(t).String()); diff != "" {
		t.Error(diff)
	}
}

// TestNothingSecretIsPrinted prints the whole and each secret part by every verb,
// in every log format and as JSON.
func TestNothingSecretIsPrinted(t *testing.T) {
	t.Parallel()
	c := secretive(t)
	var out bytes.Buffer
	for _, v := range []any{
		c, &c,
		struct{ C config.Config }{c},
		c.Secret, &c.Secret, c.ClientSecret, c.Database, c.LocalApps, c.LocalApps.All(), c.LocalApps.All()[0],
		[]config.Secret{c.ClientSecret},
		map[string]config.Database{"d": c.Database},
	} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
			fmt.Fprintf(&out, verb+"\n", v)
		}
		for _, h := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
			slog.New(h).Info("config", "value", v)
		}
		if err := json.NewEncoder(&out).Encode(v); err != nil {
			t.Fatal(err)
		}
	}
	all := strings.ToLower(out.String())
	for _, secret := range secrets(t) {
		if strings.Contains(all, strings.ToLower(secret)) {
			t.Errorf("%q is shown", secret)
		}
	}
}

// secrets lists the secrets as they may show: plain, hexadecimal, decimal and
// hexadecimal bytes in Go syntax.
func secrets(t *testing.T) []string {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(key(1))
	if err != nil {
		t.Fatal(err)
	}
	return []string{
		"hush", hex.EncodeToString([]byte("hush")), key(1), key(2), key(1)[:20],
		hex.EncodeToString(raw[:8]), "1 2 3 4 5 6", "0x1, 0x2, 0x3", "1,2,3,4,5,6",
	}
}

func TestLogValue(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	slog.New(slog.NewJSONHandler(&out, nil)).Info("start", "config", secretive(t))
	var line struct{ Config map[string]string }
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		t.Fatal(err)
	}
	if len(line.Config) != 14 || line.Config["SLOTFINDER_DATABASE"] != "postgres://db:5432/slots" {
		t.Errorf("got %v", line.Config)
	}
}

func TestSecretlessPartsAreEmpty(t *testing.T) {
	t.Parallel()
	if got := fmt.Sprint(config.Secret{}, config.Keys{}, config.Database{}, config.LocalApps{}); strings.TrimSpace(got) != "" {
		t.Errorf("got %q", got)
	}
}
