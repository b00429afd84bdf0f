// SPDX-License-Identifier: Apache-2.0

package githubtest

import "strings"

// schema is the part of GitHub's GraphQL schema that is served: the fields of each type.
type schema map[string]map[string]fieldType

// fieldType is what a field has: an object of a type, or a scalar if of is "".
type fieldType struct {
	of         string
	args       []string
	connection bool // first or last must be given
}

const pagination = "first last after before"

// newSchema reads the schema from one line per type: field:Type for an object, field:Type* for a
// connection.
func newSchema() schema {
	s := schema{}
	for _, line := range []string{
		"Query organization:Organization rateLimit:RateLimit viewer:Bot",
		"RateLimit limit cost remaining used resetAt nodeCount",
		"Bot login databaseId id",
		"PageInfo hasNextPage hasPreviousPage startCursor endCursor",
		"Organization login id databaseId name url requiresTwoFactorAuthentication" +
			" membersWithRole:OrganizationMemberConnection* repositories:RepositoryConnection*",
		"OrganizationMemberConnection totalCount pageInfo:PageInfo nodes:User" +
			" edges:OrganizationMemberEdge",
		"OrganizationMemberEdge cursor role hasTwoFactorEnabled node:User",
		"User login id databaseId name url",
		"RepositoryConnection totalCount pageInfo:PageInfo nodes:Repository edges:RepositoryEdge",
		"RepositoryEdge cursor node:Repository",
		"Repository id databaseId name nameWithOwner visibility isPrivate isArchived isFork" +
			" isDisabled url owner:Organization",
	} {
		name, fields, _ := strings.Cut(line, " ")
		s[name] = map[string]fieldType{"__typename": {}}
		for word := range strings.FieldsSeq(fields) {
			field, of, _ := strings.Cut(word, ":")
			of, connection := strings.CutSuffix(of, "*")
			t := fieldType{of: of, connection: connection}
			if connection {
				t.args = strings.Fields(pagination)
			}
			s[name][field] = t
		}
	}
	s.takes("Query", "organization", "login")
	s.takes("Query", "rateLimit", "dryRun")
	s.takes("Organization", "repositories", "orderBy", "privacy", "visibility", "isArchived",
		"isFork", "affiliations", "ownerAffiliations")
	return s
}

func (s schema) takes(name, field string, args ...string) {
	t := s[name][field]
	t.args = append(t.args, args...)
	s[name][field] = t
}
