// SPDX-License-Identifier: Apache-2.0

package oscal

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	oscal "github.com/defenseunicorns/go-oscal/src/types/oscal-1-1-3"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/rulepage"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
)

// plan is the assessment plan: an activity for each rule, and one task.
func (o *writer) plan() oscal.AssessmentPlan {
	const all = "inventory-item"
	subjects := []oscal.AssessmentSubject{{Type: all, IncludeAll: &oscal.IncludeAll{}}}
	rules := view.AskedRules(o.doc.Runs)
	p := oscal.AssessmentPlan{
		UUID:               view.UUID(o.id, "document"),
		Metadata:           o.metadata("Audit of fine-grained personal access tokens: plan"),
		ReviewedControls:   reviewedControls(rules),
		AssessmentSubjects: &subjects,
		AssessmentAssets:   o.assets(),
	}
	p.ImportSsp, p.BackMatter = o.system()
	if len(rules) == 0 {
		return p
	}
	objectives := objectivesOf(o.doc.Runs)
	definitions := oscal.LocalDefinitions{Activities: &[]oscal.Activity{}}
	if len(objectives) > 0 {
		definitions.ObjectivesAndMethods = &objectives
	}
	var associated []oscal.AssociatedActivity
	for _, r := range rules {
		activity := o.activity(r)
		*definitions.Activities = append(*definitions.Activities, activity)
		associated = append(associated, oscal.AssociatedActivity{
			ActivityUuid: activity.UUID, Subjects: subjects,
		})
	}
	p.LocalDefinitions = &definitions
	p.Tasks = &[]oscal.Task{{
		UUID: view.UUID(o.id, "task"), Type: "action", Title: "Ask every rule about every token",
		AssociatedActivities: &associated,
	}}
	return p
}

// system returns the system security plan that the view names. Without one, a resource of the
// document stands for it: the schema requires an import.
func (o *writer) system() (oscal.ImportSsp, *oscal.BackMatter) {
	if plan := o.doc.View.SystemPlan; plan != "" {
		return oscal.ImportSsp{Href: plan}, nil
	}
	system := oscal.Resource{
		UUID: view.UUID(o.id, "system"), Title: "The organizations under audit on GitHub",
		Description: "Their fine-grained personal access tokens, as GitHub's API lists them.",
	}
	imported := oscal.ImportSsp{
		Href:    "#" + system.UUID,
		Remarks: "There is no system security plan: the system is GitHub.",
	}
	return imported, &oscal.BackMatter{Resources: &[]oscal.Resource{system}}
}

func (o *writer) activity(r *audit.RuleCount) oscal.Activity {
	controls := reviewedControls([]*audit.RuleCount{r})
	return oscal.Activity{
		UUID: view.UUID(o.id, "activity", r.Rule.ID), Title: view.FailsIf(r.Rule),
		Description: objectiveProse(r.Rule), RelatedControls: &controls,
		Props: properties("method", "TEST", "rule", r.Rule.ID),
		Links: &[]oscal.Link{{Href: rulepage.URI(r.Rule.ID), Rel: "reference"}},
	}
}

// assets is the program that assesses.
func (o *writer) assets() *oscal.AssessmentAssets {
	name := safe.Prose(o.doc.Tool.Name, safe.MostName)
	return &oscal.AssessmentAssets{
		Components: &[]oscal.SystemComponent{{
			UUID: o.tool, Type: "software", Title: name,
			Description: "Audits the approved fine-grained personal access tokens of organizations.",
			Props:       properties("version", o.doc.Tool.Version),
			Status:      oscal.SystemComponentStatus{State: "operational"},
		}},
		AssessmentPlatforms: []oscal.AssessmentPlatform{{
			UUID: view.UUID(o.id, "platform"), Title: name,
			UsesComponents: &[]oscal.UsesComponent{{ComponentUuid: o.tool}},
		}},
	}
}

// nistControl writes "AC-6(1)" as OSCAL's catalog of the framework does: "ac-6.1".
var nistControl = strings.NewReplacer("(", ".", ")", "")

// controlsOf lists the NIST controls that a rule refers to.
func controlsOf(r *audit.Rule) []string {
	var ids []string
	for _, ref := range r.References {
		if ref.Framework == "NIST SP 800-53" {
			ids = append(ids, nistControl.Replace(strings.ToLower(ref.ID)))
		}
	}
	return ids
}

// reviewedControls are the controls that rules refer to; a selection of none if there are none.
func reviewedControls(rules []*audit.RuleCount) oscal.ReviewedControls {
	var ids []string
	for _, r := range rules {
		ids = append(ids, controlsOf(r.Rule)...)
	}
	slices.Sort(ids)
	selected := oscal.AssessedControls{Description: "NIST SP 800-53 rev 5"}
	var controls []oscal.AssessedControlsSelectControlById
	for _, id := range slices.Compact(ids) {
		controls = append(controls, oscal.AssessedControlsSelectControlById{ControlId: id})
	}
	if len(controls) > 0 {
		selected.IncludeControls = &controls
	} else {
		selected.Description = "no control of NIST SP 800-53 is referred to"
	}
	return oscal.ReviewedControls{ControlSelections: []oscal.AssessedControls{selected}}
}

// objectivesOf are the rules as objectives of the first control that each refers to.
func objectivesOf(runs []*audit.Run) []oscal.LocalObjective {
	var objectives []oscal.LocalObjective
	for _, r := range view.AskedRules(runs) {
		controls := controlsOf(r.Rule)
		if len(controls) == 0 {
			continue
		}
		var props []oscal.Property
		for _, ref := range r.Rule.References {
			text := fmt.Sprintf("%s %s %s (%s)", ref.Framework, ref.Version, ref.ID, ref.Relation)
			props = append(props, *properties("reference", text)...)
		}
		objectives = append(objectives, oscal.LocalObjective{
			ControlId: controls[0],
			Parts: []oscal.Part{{
				ID: r.Rule.ID, Name: "assessment-objective", Title: view.FailsIf(r.Rule),
				Prose: objectiveProse(r.Rule), Props: &props,
			}},
		})
	}
	return objectives
}

// objectiveProse returns what a rule asks.
func objectiveProse(r *audit.Rule) string {
	return safe.Prose("Fails if: "+cmp.Or(rulepage.Section(r.Doc, "What"), r.Title), safe.MostProse)
}

// properties are properties, given as names and values in turn. One without a value is left out.
func properties(pairs ...string) *[]oscal.Property {
	props := make([]oscal.Property, 0, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		if value := safe.Prose(pairs[i+1], safe.MostProse); value != "" {
			props = append(props, oscal.Property{Name: pairs[i], Ns: namespace, Value: value})
		}
	}
	if len(props) == 0 {
		return nil
	}
	return &props
}
