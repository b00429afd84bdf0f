// SPDX-License-Identifier: Apache-2.0

package privacy

import "github.com/complytime/pataudit/audit"

// Policy takes the people out of a policy, in place, and out of the decisions and the baseline
// that it judges with. What the rules say stays, whatever word a login is.
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
	if p.Baseline != nil {
		for i := range p.Baseline.Accepted {
			a := &p.Baseline.Accepted[i]
			a.By, a.Reason = f.Replace(a.By), f.Replace(a.Reason)
		}
	}
}

// Text takes the people out of a text that cannot be read, wherever a login stands alone.
func (f *Forgotten) Text(text []byte) []byte {
	if text == nil {
		return nil
	}
	return []byte(f.Replace(string(text)))
}
