// SPDX-License-Identifier: Apache-2.0

package privacy

import (
	"cmp"
	"slices"
	"strings"

	"github.com/complytime/pataudit/audit"
)

// Policy takes the people out of a policy, in place, and out of the decisions, the baseline and
// the registry that it judges with. What the rules say stays, whatever word a login is.
func (f *Forgotten) Policy(p *audit.Policy) {
	if p.Ratified != nil {
		p.Ratified = &audit.Ratified{By: f.Replace(p.Ratified.By), On: p.Ratified.On}
	}
	for i := range p.Overrides {
		o := &p.Overrides[i]
		o.Name = f.Replace(o.Name)
		for k, owner := range o.When.Owners {
			owner.Login = f.Login(owner.Login)
			if number := f.Number(owner.ID, ""); number != 0 {
				owner.ID = StandInID(number)
				if owner.Login != "" {
					owner.Login = StandInLogin(number)
				}
			}
			o.When.Owners[k] = owner
		}
	}
	for _, d := range p.Decisions {
		if number := f.Number(d.OwnerID, ""); number != 0 {
			d.OwnerID = StandInID(number)
		}
		for _, text := range []*string{&d.By, &d.Reason, &d.Ticket, &d.Purpose, &d.Consumer} {
			*text = f.Replace(*text)
		}
	}
	f.registry(p.Registry)
	if p.Baseline != nil {
		for i := range p.Baseline.Accepted {
			a := &p.Baseline.Accepted[i]
			a.By, a.Reason = f.Replace(a.By), f.Replace(a.Reason)
		}
	}
}

// registry takes the people out of a registry, in place. Whoever had several logins there has one
// entry then.
func (f *Forgotten) registry(r *audit.Registry) {
	if r == nil {
		return
	}
	taken := false
	for _, e := range r.Owners {
		if number := f.Number(e.ID, e.Login); number != 0 {
			taken = true
			if e.Login = StandInLogin(number); e.ID != 0 {
				e.ID = StandInID(number)
			}
		}
		e.Contact = f.Login(e.Contact)
		e.Team, e.Service = f.Replace(e.Team), f.Replace(e.Service)
	}
	if !taken {
		return
	}
	slices.SortStableFunc(r.Owners, func(a, b *audit.Registration) int {
		return cmp.Compare(strings.ToLower(a.Login), strings.ToLower(b.Login))
	})
	r.Owners = slices.CompactFunc(r.Owners, func(a, b *audit.Registration) bool {
		return strings.EqualFold(a.Login, b.Login)
	})
}

// Text takes the people out of a text that cannot be read, wherever a login stands alone.
func (f *Forgotten) Text(text []byte) []byte {
	if text == nil {
		return nil
	}
	return []byte(f.Replace(string(text)))
}
