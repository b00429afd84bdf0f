// SPDX-License-Identifier: Apache-2.0

package report

import (
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
)

// As much of SARIF 2.1.0 as is written here. See its section 3 for what the properties mean.

const sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/" +
	"sarif-schema-2.1.0.json"

type (
	sarifText struct {
		Text string `json:"text"`
	}

	sarifHelp struct {
		Text     string `json:"text"`
		Markdown string `json:"markdown,omitzero"`
	}

	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}

	sarifDriver struct {
		Name           string            `json:"name"`
		Version        string            `json:"version,omitzero"`
		InformationURI string            `json:"informationUri"`
		Rules          []sarifRule       `json:"rules"`
		Notifications  []sarifDescriptor `json:"notifications"`
	}

	sarifDescriptor struct {
		ID string `json:"id"`
	}

	sarifRule struct {
		ID         string       `json:"id"`
		Name       string       `json:"name"`
		Short      sarifText    `json:"shortDescription"`
		Full       sarifText    `json:"fullDescription"`
		Help       sarifHelp    `json:"help"`
		URI        string       `json:"helpUri"`
		Default    sarifDefault `json:"defaultConfiguration"`
		Properties sarifTags    `json:"properties"`
	}

	sarifDefault struct {
		Level string `json:"level"`
	}

	sarifTags struct {
		Tags     []string `json:"tags"`
		Severity string   `json:"security-severity,omitzero"`
	}

	sarifDetails struct {
		ID string `json:"id"`
	}

	sarifInvocation struct {
		Successful    bool                `json:"executionSuccessful"`
		End           *string             `json:"endTimeUtc,omitzero"` // the instant of judgement
		Notifications []sarifNotification `json:"toolExecutionNotifications"`
	}

	sarifNotification struct {
		Level      string          `json:"level"`
		Message    sarifText       `json:"message"`
		Descriptor sarifDescriptor `json:"descriptor"`
	}

	// sarifAbout are the properties of a run.
	sarifAbout struct {
		Verdict        string  `json:"verdict"`
		Complete       bool    `json:"complete"`
		Organization   string  `json:"organization,omitzero"`
		AsOf           *string `json:"as_of,omitzero"`
		CollectedAt    *string `json:"collected_at,omitzero"`
		EvidenceDigest *string `json:"evidence_digest,omitzero"`
		PolicyName     string  `json:"policy_name,omitzero"`
		PolicyDigest   string  `json:"policy_digest,omitzero"`
		FailOn         string  `json:"fail_on,omitzero"`
	}

	sarifResult struct {
		RuleID        string             `json:"ruleId"`
		RuleIndex     *int               `json:"ruleIndex,omitzero"`
		Kind          string             `json:"kind"`
		Level         string             `json:"level"`
		Message       sarifText          `json:"message"`
		Locations     []sarifLocation    `json:"locations"`
		Fingerprints  sarifPrints        `json:"partialFingerprints"`
		BaselineState string             `json:"baselineState,omitzero"`
		Suppressions  []sarifSuppression `json:"suppressions,omitzero"`
		Properties    *sarifFinding      `json:"properties,omitzero"`
	}

	sarifPrints struct {
		Primary string `json:"primaryLocationLineHash"`
	}

	sarifSuppression struct {
		Kind          string `json:"kind"`
		Status        string `json:"status"`
		Justification string `json:"justification"`
	}

	// sarifFinding are the properties of a result.
	sarifFinding struct {
		Kind     string  `json:"kind"`
		Grant    int64   `json:"grant_id"`
		Token    *int64  `json:"token_id,omitzero"`
		Severity *string `json:"severity,omitzero"`

		FirstSeen *string `json:"first_seen,omitzero"`
		Due       *string `json:"due,omitzero"`
		Overdue   bool    `json:"overdue,omitzero"`
	}

	sarifLocation struct {
		Physical sarifPhysical  `json:"physicalLocation"`
		Logical  []sarifLogical `json:"logicalLocations,omitzero"`
	}

	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   sarifRegion   `json:"region"`
	}

	sarifArtifact struct {
		URI string `json:"uri"`
	}

	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn"`
		EndLine     int `json:"endLine"`
		EndColumn   int `json:"endColumn"`
	}

	sarifLogical struct {
		Name string `json:"name"`
		Kind string `json:"kind"`
	}
)

// sarifAt is the location of a result: a path of our own, and what it stands for, if anything.
func sarifAt(place, name string) sarifLocation {
	at := sarifLocation{Physical: sarifPhysical{
		Artifact: sarifArtifact{".github/pataudit/" + place},
		Region:   sarifRegion{StartLine: 1, StartColumn: 1, EndLine: 1, EndColumn: 2},
	}}
	if name != "" {
		at.Logical = []sarifLogical{{Name: name, Kind: "resource"}}
	}
	return at
}

// sarifFingerprint is the same for the same finding in every run, and unique in each.
func sarifFingerprint(
	parts ...string,
) sarifPrints {
	return sarifPrints{view.Hash(parts...) + ":1"}
}

// sarifOwn is a result of a rule of our own, of which a run has one per key.
func sarifOwn(rule, level, text, place, key string) sarifResult {
	i := 0
	if rule == sarifNotShown {
		i = 1
	}
	return sarifResult{
		RuleID: rule, RuleIndex: &i, Kind: "fail", Level: level,
		Message:      sarifText{safe.Prose(text, safe.MostProse)},
		Locations:    []sarifLocation{sarifAt(place, "")},
		Fingerprints: sarifFingerprint(rule, key),
	}
}

func sarifNote(level, about, text string) sarifNotification {
	return sarifNotification{
		level,
		sarifText{safe.Prose(text, safe.MostProse)},
		sarifDescriptor{about},
	}
}
