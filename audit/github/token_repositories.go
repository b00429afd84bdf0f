// SPDX-License-Identifier: Apache-2.0

package github

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github/api"
)

// repositoryLists reads which repositories subset tokens, or requests for them, reach: one list
// for each, GitHub has no other way.
type repositoryLists struct {
	client  *Client
	session *api.Session
	login   string
	id      int64
	tail    string // "personal-access-tokens", or the requests'
	shared  *repositories
	act     string // for the progress

	account *api.Account

	total atomic.Int64
	done  atomic.Int64

	mu   sync.Mutex
	byID map[int64]repositoryList // of the grant
}

// repositoryList is one token's list, or why there is none.
type repositoryList struct {
	repositories []*audit.Repository
	err          error
}

var errNotRead = errors.New("not read")

// newRepositoryLists returns lists that stand below tail. Their requests count in the account.
func (c *collection) newRepositoryLists(tail, act string, account *api.Account) *repositoryLists {
	return &repositoryLists{
		client: c.client, session: c.session, login: c.organization.Login,
		id: c.organization.ID, tail: tail, shared: c.shared, act: act,
		byID: map[int64]repositoryList{}, account: account,
	}
}

// hasList reports whether a token has a list of repositories that is asked for.
func hasList(t *audit.Token) bool { return !t.Expired && t.Selection == audit.SelectSubset }

// read reads the lists of the tokens that have none yet, and returns when all are done.
func (r *repositoryLists) read(ctx context.Context, tokens []*audit.Token) {
	ctx = r.account.Charge(ctx)
	affordable := r.afford(r.missing(tokens))
	var group errgroup.Group
	group.SetLimit(r.session.Governor().AtOnce()) // no more, or other lists wait for slots
	for _, token := range affordable {
		group.Go(func() error {
			list, err := r.list(ctx, token.ID)
			r.mu.Lock()
			r.byID[token.ID] = repositoryList{list, err}
			r.mu.Unlock()
			r.client.config.Progress(Progress{
				Organization: r.login, Act: r.act, Done: int(r.done.Add(1)), Total: int(r.total.Load()),
			})
			return nil // one token's failure leaves the others whole
		})
	}
	_ = group.Wait() // none returns an error
}

// afford returns the tokens whose lists the quota allows for, and notes of the others why theirs
// are not read, before any of it is spent.
func (r *repositoryLists) afford(tokens []*audit.Token) (affordable []*audit.Token) {
	var sent []*audit.Token
	for _, token := range tokens {
		if r.cached(token) {
			affordable = append(affordable, token)
		} else {
			sent = append(sent, token)
		}
	}
	n, err := r.session.Governor().Afford("core", len(sent), r.session.Caches())
	r.refuse(sent[n:], err)
	return append(affordable, sent[:n]...)
}

// cached reports whether a token's list is probably confirmed rather than sent, at no cost.
func (r *repositoryLists) cached(token *audit.Token) bool {
	list := r.listOf(token.ID)
	return r.session.Cached(list.path(), list.question())
}

// refuse notes of lists why they are not read.
func (r *repositoryLists) refuse(tokens []*audit.Token, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, token := range tokens {
		r.byID[token.ID] = repositoryList{err: err}
	}
}

// missing returns the active subset tokens without a list, and reserves theirs.
func (r *repositoryLists) missing(tokens []*audit.Token) []*audit.Token {
	r.mu.Lock()
	defer r.mu.Unlock()
	var missing []*audit.Token
	for _, token := range tokens {
		if !hasList(token) {
			continue
		}
		if _, known := r.byID[token.ID]; !known {
			r.byID[token.ID] = repositoryList{err: errNotRead}
			missing = append(missing, token)
		}
	}
	r.total.Add(int64(len(missing)))
	return missing
}

// list reads one token's repositories. Lists longer than a page are verified like the list of
// tokens; an empty one, which a subset should not have, is believed when it is empty twice.
// One that names a repository twice is not believed: another one may be missing for it.
func (r *repositoryLists) list(ctx context.Context, grant int64) ([]*audit.Repository, error) {
	reader := &reader[*audit.Repository]{
		list: r.listOf(grant), decode: r.decode, key: repositoryID, same: sameRepository,
	}
	read, err := reader.read(ctx, 1, pass[*audit.Repository]{})
	if err == nil && (len(read.pages) > 1 || len(read.pages[0].items) == 0 || read.doubt != "") {
		read, _, err = reader.verify(ctx, read, 1)
	}
	if err != nil {
		return nil, err
	}
	read.accept()
	return sortedRepositories(read.items()), nil
}

func (r *repositoryLists) listOf(grant int64) *list {
	return &list{
		session: r.session, login: r.login, id: r.id,
		tail: r.tail + "/" + strconv.FormatInt(grant, 10) + "/repositories",
	}
}

// wireRepository is what we read of GitHub's "minimal repository".
type wireRepository struct {
	ID         int64  `json:"id"`
	FullName   string `json:"full_name"`
	Visibility string `json:"visibility"`
	Private    *bool  `json:"private"`
}

func (r *repositoryLists) decode(body []byte, _ time.Time) ([]*audit.Repository, error) {
	records, err := recordsOf[*wireRepository](body, "repositories")
	if err != nil {
		return nil, err
	}
	decoded := make([]*audit.Repository, len(records))
	for i, record := range records {
		if record == nil || record.ID <= 0 || record.FullName == "" {
			return nil, fmt.Errorf("record %d is no repository", i+1)
		}
		hidden := "" // what "private" says; it is true of internal ones, too
		switch {
		case record.Private != nil && *record.Private:
			hidden = notPublic
		case record.Private != nil:
			hidden = public
		}
		decoded[i] = r.shared.shared(record.ID, record.FullName, record.Visibility, hidden)
	}
	return decoded, nil
}

// attach puts the lists into their tokens, and returns how many were had and why others were not.
// gone are the tokens whose list GitHub says is not there: they may have been revoked meanwhile.
func (r *repositoryLists) attach(tokens []*audit.Token) (c audit.Coverage, gone []*audit.Token) {
	c = audit.Coverage{Source: audit.SourceRepositories, Status: audit.Complete}
	wanted, refused := 0, 0
	var why error
	for _, token := range tokens {
		if !hasList(token) {
			continue
		}
		wanted++
		list, asked := r.byID[token.ID]
		if !asked {
			list.err = errNotRead
		}
		if list.err == nil {
			token.Repositories = list.repositories
			token.Known |= audit.FactRepositories
			c.Items++
			continue
		}
		if api.IsKind(list.err, api.NotFound) {
			gone = append(gone, token)
		}
		if status, _ := failure(list.err); status == audit.Refused {
			refused++
		}
		why = cmp.Or(why, list.err)
	}
	if why != nil {
		c.Status = audit.Partial
		if refused == wanted {
			c.Status = audit.Refused
		}
		c.Reason = audit.Reason{
			{Code: audit.ReasonLists, Count: wanted - c.Items, Of: wanted}, api.RemarkOf(why),
		}
	}
	return c, gone
}

// attachRepositories puts the lists of repositories into the organization and the tokens, and
// drops the tokens that were revoked meanwhile.
func (c *collection) attachRepositories(ctx context.Context) {
	if c.coverage[audit.SourceOrganizationRepositories].Status == audit.Complete {
		c.organization.Repositories = c.repositories
		c.organization.Known |= audit.FactOrganizationRepositories
	}
	if !c.want.Has(audit.FactRepositories) {
		return
	}
	coverage, gone := c.lists.attach(c.evidence.Tokens)
	if dropped := c.dropRevoked(ctx, gone); dropped > 0 {
		coverage, _ = c.lists.attach(c.evidence.Tokens)
	}
	c.coverage[audit.SourceRepositories] = c.lists.account.AddTo(coverage)
}

// distrust drops the lists of repositories that may be silently shorter than they are.
func (c *collection) distrust() {
	c.organization.Repositories = nil
	c.organization.Known &^= audit.FactOrganizationRepositories
	for token := range c.evidence.AllTokens() {
		distrustToken(token)
	}
}

func distrustToken(token *audit.Token) {
	if token.Selection == audit.SelectSubset {
		token.Repositories = nil
		token.Known &^= audit.FactRepositories
	}
}

// learn reads the repositories of some of the tokens, for information: no verdict rests on them,
// and what cannot be had stays unknown.
func (c *collection) learn(ctx context.Context, tokens []*audit.Token) error {
	const source = audit.SourceRepositories
	c.coverage[source] = audit.Coverage{Source: source, Status: audit.NotAsked}
	if c.coverage[audit.SourceInstallation].Status == audit.Complete {
		c.lists.read(ctx, tokens)
		coverage, _ := c.lists.attach(tokens)
		coverage.Status = audit.NotAsked
		c.coverage[source] = c.lists.account.AddTo(coverage)
		c.contradictRepositories()
		c.distrustUnseen()
		coverage = c.coverage[source]
		coverage.Items = 0
		for _, token := range tokens {
			if hasList(token) && token.Known.Has(audit.FactRepositories) {
				coverage.Items++
			}
		}
		coverage.Reason = slices.Insert(coverage.Reason, 0, audit.Remark{
			Code: audit.ReasonInformation, Count: coverage.Items, Of: len(tokens),
		})
		c.coverage[source] = coverage
	}
	c.conclude()
	return ctx.Err()
}
