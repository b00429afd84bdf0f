// SPDX-License-Identifier: Apache-2.0

package rules

import "github.com/complytime/pataudit/audit"

// The relations of a rule to a control. A token is an authenticator and an access authorization:
// a rule implements a control of those, and supports one of people or processes.
const (
	implements = "implements"
	supports   = "supports"
)

func nist(relation, id string) audit.Reference {
	return audit.Reference{
		Framework: "NIST SP 800-53", Version: "rev 5", ID: id, Relation: relation,
	}
}

func owasp(id string) audit.Reference {
	return audit.Reference{
		Framework: "OWASP Non-Human Identities Top 10", Version: "2025", ID: id,
		Relation: supports,
	}
}

func iso(id string) audit.Reference {
	return audit.Reference{
		Framework: "ISO/IEC 27001", Version: "2022", ID: id, Relation: supports,
	}
}

func soc2(id string) audit.Reference {
	return audit.Reference{Framework: "SOC 2", Version: "TSC 2017", ID: id, Relation: supports}
}
