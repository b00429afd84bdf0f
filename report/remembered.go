// SPDX-License-Identifier: Apache-2.0

package report

// Remembered reports whether the part says what only a history of earlier runs can tell: what
// changed since, or since when something stands. To judge it again needs that history.
func (p *Part) Remembered() bool {
	if p.wire.Since != nil || p.wire.Trend != nil {
		return true
	}
	for i := range p.wire.Tokens {
		w := p.wire.Tokens[i]
		if w.FirstSeen != nil || w.LastExpiry != nil || len(w.Gained) > 0 {
			return true
		}
		for j := range w.Findings {
			if w.Findings[j].FirstSeen != nil {
				return true
			}
		}
	}
	return false
}
