package oauth_test

import (
	"context"
	"net/http/httptest"
	"testing"

	"golang.org/x/oauth2"

	"slotfinder/internal/portalsim/oauth"
	"slotfinder/internal/portalsim/simtest"
)

// TestOAuth2Library signs in with a client that knows nothing of Bitrix24. Its
// way of finding out how to authenticate starts with HTTP Basic, which costs the
// code where such an attempt uses it up.
func TestOAuth2Library(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		style oauth2.AuthStyle
		burns bool
		works bool
	}{
		{"in parameters", oauth2.AuthStyleInParams, true, true},
		{"finding out", oauth2.AuthStyleAutoDetect, false, true},
		{"finding out at the price of the code", oauth2.AuthStyleAutoDetect, true, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := simtest.New(t)
			w.Sim.SetAuth(oauth.Switches{BasicBurnsCode: tc.burns})
			server := httptest.NewServer(w.Sim.AuthServer())
			defer server.Close()
			client := oauth2.Config{ClientID: simtest.ClientID, ClientSecret: simtest.ClientSecret, Endpoint: oauth2.Endpoint{
				TokenURL: server.URL + "/oauth/token/", AuthStyle: tc.style,
			}}
			ctx := context.WithValue(t.Context(), oauth2.HTTPClient, server.Client())
			token, err := client.Exchange(ctx, w.Code(t, 7))
			if (err == nil) != tc.works {
				t.Fatalf("exchange: %v", err)
			}
			if tc.works {
				simtest.Equal(t, any(7.0), token.Extra("user_id"))
				simtest.Equal(t, any(simtest.MemberID), token.Extra("member_id"))
				simtest.Equal(t, 200, w.Call(token.AccessToken, "profile", "").Code)
			}
		})
	}
}
