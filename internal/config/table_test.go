package config_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/config"
)

func TestReadmeHasTheTable(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	want, err := config.Replace(string(text))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Errorf("README.md is out of date, run make generate:\n%s", diff)
	}
}

// TestTable holds the names and defaults that operators rely on.
func TestTable(t *testing.T) {
	t.Parallel()
	want := []string{
		"`SLOTFINDER_LISTEN` | `127.0.0.1:8080`",
		"`SLOTFINDER_ADMIN_LISTEN` | empty = off",
		"`SLOTFINDER_PUBLIC_URL` | required in `serve`",
		"`SLOTFINDER_DATABASE` | `sqlite:slotfinder.db`",
		"`SLOTFINDER_SECRET` | required in `serve`",
		"`SLOTFINDER_TRUSTED_PROXIES` | empty",
		"`SLOTFINDER_DRAIN` | `3s`",
		"`SLOTFINDER_LOG` | `info`",
		"`BITRIX24_CLIENT_ID` | required in `serve`",
		"`BITRIX24_CLIENT_SECRET` | required in `serve`",
		"`BITRIX24_LOCAL_APPS` | empty",
		"`BITRIX24_AUTH_SERVERS` | `https://oauth.bitrix.info,https://oauth.bitrix24.tech`",
		"`BITRIX24_PRIVATE_NETWORKS` | empty",
		"`BITRIX24_ALLOW_INSECURE` | `false`",
	}
	var got []string
	for _, line := range strings.Split(config.Table(), "\n")[2:] {
		if cells := strings.Split(line, " | "); len(cells) == 3 {
			got = append(got, strings.TrimPrefix(cells[0], "| ")+" | "+cells[1])
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestReplace(t *testing.T) {
	t.Parallel()
	old := "before\n" + config.TableBegin + "\nold\n" + config.TableEnd + "\nafter\n"
	got, err := config.Replace(old)
	want := "before\n" + config.TableBegin + "\n" + config.Table() + config.TableEnd + "\nafter\n"
	if err != nil || got != want {
		t.Errorf("%v\n%s", err, cmp.Diff(want, got))
	}
	for _, broken := range []string{"", config.TableBegin + "\nno end", "no begin\n" + config.TableEnd} {
		if _, err := config.Replace(broken); err == nil {
			t.Errorf("%q is accepted", broken)
		}
	}
}
