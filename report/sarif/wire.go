// SPDX-License-Identifier: Apache-2.0

package sarif

import (
	"slices"

	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
)

// As much of SARIF 2.1.0 as is written here. See its section 3 for what the properties mean.

const schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/" +
	"sarif-schema-2.1.0.json"

type (
	plainText struct {
		Text string `json:"text"`
	}

	helpText struct {
		Text     string `json:"text"`
		Markdown string `json:"markdown,omitzero"`
	}

	tool struct {
		Driver driver `json:"driver"`
	}

	driver struct {
		Name           string          `json:"name"`
		Version        string          `json:"version,omitzero"`
		InformationURI string          `json:"informationUri"`
		Rules          []reportingRule `json:"rules"`
		Notifications  []descriptor    `json:"notifications"`
	}

	descriptor struct {
		ID string `json:"id"`
	}

	reportingRule struct {
		ID         string         `json:"id"`
		Name       string         `json:"name"`
		Short      plainText      `json:"shortDescription"`
		Full       plainText      `json:"fullDescription"`
		Help       helpText       `json:"help"`
		URI        string         `json:"helpUri"`
		Default    configuration  `json:"defaultConfiguration"`
		Properties ruleProperties `json:"properties"`
	}

	configuration struct {
		Level string `json:"level"`
	}

	ruleProperties struct {
		Tags     []string `json:"tags"`
		Severity string   `json:"security-severity,omitzero"`
	}

	automationDetails struct {
		ID string `json:"id"`
	}

	invocation struct {
		Successful    bool           `json:"executionSuccessful"`
		End           *string        `json:"endTimeUtc,omitzero"` // the instant of judgement
		Notifications []notification `json:"toolExecutionNotifications"`
	}

	notification struct {
		Level      string     `json:"level"`
		Message    plainText  `json:"message"`
		Descriptor descriptor `json:"descriptor"`
	}

	// runProperties are the properties of a run.
	runProperties struct {
		Verdict        string  `json:"verdict"`
		Complete       bool    `json:"complete"`
		Organization   string  `json:"organization,omitzero"`
		AsOf           *string `json:"as_of,omitzero"`
		CollectedAt    *string `json:"collected_at,omitzero"`
		EvidenceDigest *string `json:"evidence_digest,omitzero"`
		PolicyName     string  `json:"policy_name,omitzero"`
		PolicyDigest   string  `json:"policy_digest,omitzero"`
		FailOn         string  `json:"fail_on,omitzero"`
		ProjectFile    string  `json:"project_file,omitzero"`
		ProjectDigest  string  `json:"project_digest,omitzero"`
	}

	resultObject struct {
		RuleID        string            `json:"ruleId"`
		RuleIndex     *int              `json:"ruleIndex,omitzero"`
		Kind          string            `json:"kind"`
		Level         string            `json:"level"`
		Message       plainText         `json:"message"`
		Locations     []location        `json:"locations"`
		Fingerprints  fingerprints      `json:"partialFingerprints"`
		BaselineState string            `json:"baselineState,omitzero"`
		Suppressions  []suppression     `json:"suppressions,omitzero"`
		Properties    *resultProperties `json:"properties,omitzero"`
	}

	fingerprints struct {
		Primary string `json:"primaryLocationLineHash"`
	}

	suppression struct {
		Kind          string `json:"kind"`
		Status        string `json:"status"`
		Justification string `json:"justification"`
	}

	// resultProperties are the properties of a result.
	resultProperties struct {
		Kind     string  `json:"kind"`
		Grant    int64   `json:"grant_id"`
		Token    *int64  `json:"token_id,omitzero"`
		Severity *string `json:"severity,omitzero"`

		FirstSeen *string `json:"first_seen,omitzero"`
		Due       *string `json:"due,omitzero"`
		Overdue   bool    `json:"overdue,omitzero"`
	}

	location struct {
		Physical physicalLocation  `json:"physicalLocation"`
		Logical  []logicalLocation `json:"logicalLocations,omitzero"`
	}

	physicalLocation struct {
		Artifact artifactLocation `json:"artifactLocation"`
		Region   region           `json:"region"`
	}

	artifactLocation struct {
		URI string `json:"uri"`
	}

	region struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn"`
		EndLine     int `json:"endLine"`
		EndColumn   int `json:"endColumn"`
	}

	logicalLocation struct {
		Name string `json:"name"`
		Kind string `json:"kind"`
	}
)

// locationOf is the location of a result: a path of our own, and what it stands for, if anything.
func locationOf(place, name string) location {
	at := location{Physical: physicalLocation{
		Artifact: artifactLocation{".github/pataudit/" + place},
		Region:   region{StartLine: 1, StartColumn: 1, EndLine: 1, EndColumn: 2},
	}}
	if name != "" {
		at.Logical = []logicalLocation{{Name: name, Kind: "resource"}}
	}
	return at
}

// fingerprintOf is the same for the same finding in every run, and unique in each.
func fingerprintOf(parts ...string) fingerprints {
	return fingerprints{view.Hash(parts...) + ":1"}
}

// ownResult is a result of a rule of our own, of which a run has one per key.
func ownResult(rule, level, text, place string, key ...string) resultObject {
	i := slices.Index([]string{evidenceIncomplete, resultsNotShown, settingContradicted}, rule)
	return resultObject{
		RuleID: rule, RuleIndex: &i, Kind: "fail", Level: level,
		Message:      plainText{safe.Prose(text, safe.MostProse)},
		Locations:    []location{locationOf(place, "")},
		Fingerprints: fingerprintOf(append([]string{rule}, key...)...),
	}
}

func notificationOf(level, about, text string) notification {
	return notification{level, plainText{safe.Prose(text, safe.MostProse)}, descriptor{about}}
}
