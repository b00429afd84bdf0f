// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"io"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github"
	"github.com/complytime/pataudit/audit/github/api"
	"github.com/complytime/pataudit/audit/github/githubtest"
	"github.com/complytime/pataudit/audit/policy"
	"github.com/complytime/pataudit/audit/rules"
	"github.com/complytime/pataudit/audit/snapshot"
)

// testKey is one App's key for all tests: making one takes long. It is short, for thousands of
// audits sign with it.
var testKey = sync.OnceValues(func() (*rsa.PrivateKey, string) {
	key, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		panic(err)
	}
	block := &pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}
	return key, string(pem.EncodeToMemory(block))
})

// everything is every fact that a policy can want.
const everything = ^enterpriseFacts

// enterpriseFacts are what only Enterprise Cloud has.
const enterpriseFacts = audit.FactCreated | audit.FactClassic

// bench is a collector beside a GitHub, in a bubble where time is fake.
type bench struct {
	t      *testing.T
	world  *githubtest.World
	server *githubtest.Server
	config github.Config
	also   audit.Facts // to be collected, too
}

// inBubble serves a world of one organization to a test. prepare may change the world before.
func inBubble(t *testing.T, prepare func(*githubtest.World), test func(*bench)) {
	t.Helper()
	key, text := testKey()
	synctest.Test(t, func(t *testing.T) {
		world := &githubtest.World{
			Now:           time.Now,
			App:           &githubtest.App{ID: 4711, PrivateKey: text},
			Organizations: []*githubtest.Organization{{}},
			RateLimit:     githubtest.RateLimit{Core: 5000},
		}
		if prepare != nil {
			prepare(world)
		}
		server, err := githubtest.New(world)
		if err != nil {
			t.Fatal(err)
		}
		listener := githubtest.NewListener()
		go func() { _ = server.Serve(listener) }()
		endpoint, err := api.ParseEndpoint("http://127.0.0.1")
		if err != nil {
			t.Fatal(err)
		}
		transport := &http.Transport{DialContext: listener.DialContext}
		defer func() {
			transport.CloseIdleConnections()
			if err := server.Close(); err != nil {
				t.Error(err)
			}
			synctest.Wait()
		}()
		test(&bench{t: t, world: world, server: server, config: github.Config{Config: api.Config{
			Endpoint:    endpoint,
			Credentials: api.Credentials{Issuer: "4711", Key: key},
			UserAgent:   "pataudit/test",
			Now:         time.Now,
			Base:        transport,
			Limits:      api.DefaultLimits(),
			MaxWait:     api.DefaultMaxWait,
		}}})
	})
}

// collect collects everything of the organization, and holds that it can be saved.
func (b *bench) collect() (*audit.Evidence, error) {
	login := b.world.Organizations[0].Login
	source := github.New(b.config).Organization(login)
	evidence, err := source.Collect(context.Background(), everything|b.also)
	if err == nil {
		countsRequests(b.t, evidence)
		_, err = snapshot.Save(io.Discard, evidence)
	}
	return evidence, err
}

// audit judges what was collected by the guide.
func (b *bench) audit() (*audit.Run, error) {
	evidence, err := b.collect()
	if err != nil {
		return nil, err
	}
	return audit.Evaluate(evidence, guide(b.t), audit.Options{}), nil
}

// guide returns the guide's policy.
func guide(t testing.TB) *audit.Policy {
	guide, err := policy.Guide(rules.All)
	if err != nil {
		t.Fatal(err)
	}
	return guide
}

// mustCollect is collect where it has to work.
func (b *bench) mustCollect() *audit.Evidence {
	b.t.Helper()
	evidence, err := b.collect()
	if err != nil {
		b.t.Fatal(err)
	}
	return evidence
}

// grants adds n clean grants, the first few of which reach a subset.
func grants(w *githubtest.World, n int) {
	const subsets = 3
	o := w.Organizations[0]
	for i := range n {
		g := o.NewGrant(w.Now())
		g.TokenName = "sbom-upload-" + strconv.Itoa(i)
		if i >= subsets {
			g.Selection, g.Permissions = "none", githubtest.Permissions{}
		}
		o.Grants = append(o.Grants, g)
	}
}
