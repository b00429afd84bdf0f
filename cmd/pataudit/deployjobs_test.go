// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// TestKubernetesJobs holds what ends a Job, what is tried again, and what waits for what.
func TestKubernetesJobs(t *testing.T) {
	for name, w := range workloads(t) {
		job := w.job
		if job.Template.Spec.RestartPolicy != "Never" {
			t.Errorf("%s: podFailurePolicy needs restartPolicy Never", name)
		}
		if job.ActiveDeadlineSeconds <= 0 {
			t.Errorf("%s may run for ever", name)
		}
		indexed := job.CompletionMode == "Indexed"
		if (job.BackoffLimitPerIndex != nil) != indexed || (job.BackoffLimit != nil) == indexed {
			t.Errorf("%s: one worker's failures are counted as another's", name)
		}
		checkLabels(t, name, w)
		if w.cron == nil {
			checkShards(t, name, w)
			continue
		}
		s := w.cron.Spec
		if s.ConcurrencyPolicy != "Forbid" || s.StartingDeadlineSeconds < 600 || s.TimeZone == "" ||
			s.FailedJobsHistoryLimit == 0 || len(strings.Fields(s.Schedule)) != 5 {
			t.Errorf("%s: starts %q %s, %s, up to %d s late; %d failures are kept", name, s.Schedule,
				s.TimeZone, s.ConcurrencyPolicy, s.StartingDeadlineSeconds, s.FailedJobsHistoryLimit)
		}
	}
}

// TestKubernetesExitCodes holds what each exit code leads to: the zero value is another try.
func TestKubernetesExitCodes(t *testing.T) {
	want := map[string]map[int]string{
		"audit.yaml": {ui.ExitUsage: "FailJob", ui.ExitViolations: "FailJob"},
		"check.yaml": {ui.ExitUsage: "FailJob", ui.ExitIncomplete: "FailJob"},
		"shards.yaml": {
			ui.ExitUsage: "FailJob", ui.ExitViolations: "FailIndex", ui.ExitIncomplete: "FailIndex",
			ui.ExitViolationsIncomplete: "FailIndex",
		},
	}
	for name, w := range workloads(t) {
		rules := w.job.PodFailurePolicy.Rules
		if len(rules) == 0 || rules[0].Action != "Ignore" || len(rules[0].OnPodConditions) != 1 ||
			rules[0].OnPodConditions[0].Type != "DisruptionTarget" ||
			rules[0].OnPodConditions[0].Status != "True" {
			t.Errorf("%s: a drained node counts as a failure", name)
			continue
		}
		got := map[int]string{}
		for _, rule := range rules[1:] {
			codes := rule.OnExitCodes
			if codes.Operator != "In" || codes.ContainerName != w.job.Template.Spec.Containers[0].Name {
				t.Errorf("%s: a rule is about %s %s", name, codes.ContainerName, codes.Operator)
			}
			for _, code := range codes.Values {
				if got[code] == "" { // the first rule that matches
					got[code] = rule.Action
				}
			}
		}
		if !maps.Equal(got, want[name]) {
			t.Errorf("%s: exit codes lead to %v, want %v", name, got, want[name])
		}
	}
}

// checkLabels holds that the network's policy reaches the pods, and that all are in one place.
func checkLabels(t *testing.T, name string, w workload) {
	t.Helper()
	var policy networkPolicy
	load(t, "network.yaml", &policy)
	chosen := policy.Spec.PodSelector.MatchLabels
	for key, value := range chosen {
		if w.job.Template.Metadata.Labels[key] != value {
			t.Errorf("%s: the network's policy does not reach its pods", name)
		}
	}
	if len(chosen) == 0 || w.meta.Namespace != "pataudit" ||
		policy.Metadata.Namespace != w.meta.Namespace {
		t.Errorf("%s is in %q", name, w.meta.Namespace)
	}
}

// checkShards holds that the workers of an Indexed Job share the whole among them, in one history
// and one batch, which another Job does not have.
func checkShards(t *testing.T, name string, w workload) {
	t.Helper()
	c := w.job.Template.Spec.Containers[0]
	if w.job.CompletionMode != "Indexed" || w.job.Parallelism != w.job.Completions {
		t.Errorf("%s: %d of %d at once", name, w.job.Parallelism, w.job.Completions)
	}
	for _, arg := range []string{
		fmt.Sprintf("--shard=$(JOB_COMPLETION_INDEX)/%d", w.job.Completions), "--batch=$(BATCH)",
	} {
		if !slices.Contains(c.Args, arg) {
			t.Errorf("%s lacks %s", name, arg)
		}
	}
	if slices.ContainsFunc(w.job.Template.Spec.Volumes, func(v volume) bool {
		return v.PersistentVolumeClaim.ClaimName != ""
	}) || strings.Contains(strings.Join(c.Args, " "), "--output") {
		t.Errorf("%s: a worker whose part is empty leaves the files of an earlier one", name)
	}
	if w.meta.Name != "" || w.meta.GenerateName == "" {
		t.Errorf("%s can be made once", name)
	}
	byName := map[string]variable{}
	for _, v := range c.Env {
		byName[v.Name] = v
	}
	uid := "metadata.labels['batch.kubernetes.io/controller-uid']"
	if got := byName["BATCH"].ValueFrom.FieldRef.FieldPath; got != uid {
		t.Errorf("%s: the batch is %s", name, got)
	}
	if v := byName["PATAUDIT_HISTORY"]; v.Value != "" || v.ValueFrom.SecretKeyRef.Name == "" {
		t.Errorf("%s: the history's address, which holds a password, is %+v", name, v)
	}
}

// TestKubernetesNetwork holds that nobody reaches the pods, and they little.
func TestKubernetesNetwork(t *testing.T) {
	var policy networkPolicy
	load(t, "network.yaml", &policy)
	if !slices.Equal(policy.Spec.PolicyTypes, []string{"Ingress", "Egress"}) {
		t.Errorf("the policy is of %v", policy.Spec.PolicyTypes)
	}
	var open []string
	for _, rule := range policy.Spec.Egress {
		if len(rule.Ports) == 0 {
			t.Error("a rule opens every port")
		}
		for _, port := range rule.Ports {
			open = append(open, fmt.Sprintf("%s %d", port.Protocol, port.Port))
			if port.Port == 443 && len(rule.To) != 2 {
				t.Errorf("443 is open to %v", rule.To)
			}
		}
		for _, to := range rule.To {
			if len(to.IPBlock.Except) == 0 {
				t.Errorf("%s includes the cloud's metadata", to.IPBlock.CIDR)
			}
		}
	}
	if want := []string{"UDP 53", "TCP 53", "TCP 443", "TCP 5432"}; !slices.Equal(open, want) {
		t.Errorf("open are %v, want %v", open, want)
	}
}

// TestKustomization holds that all is applied that has one name, that the image is one place's to
// choose, and that no file is forgotten here.
func TestKustomization(t *testing.T) {
	var k kustomization
	load(t, "kustomization.yaml", &k)
	var volume claim
	load(t, "volume.yaml", &volume)
	var space manifest
	load(t, "namespace.yaml", &space)
	if space.Metadata.Labels["pod-security.kubernetes.io/enforce"] != "restricted" {
		t.Errorf("the namespace takes any pod: %v", space.Metadata.Labels)
	}
	applied := append(slices.Clone(k.Resources), "kustomization.yaml", "shards.yaml")
	slices.Sort(applied)
	if have := manifests(t); !slices.Equal(applied, have) {
		t.Errorf("the files are %v, those that are known %v", have, applied)
	}
	for name, w := range workloads(t) {
		pod := w.job.Template.Spec
		image, _, _ := strings.Cut(pod.Containers[0].Image, ":")
		if len(k.Images) != 1 || k.Images[0].Name != image {
			t.Errorf("%s: nobody chooses the image %s", name, image)
		}
		for _, v := range pod.Volumes {
			if c := v.PersistentVolumeClaim.ClaimName; c != "" && c != volume.Metadata.Name {
				t.Errorf("%s: there is no volume %s", name, c)
			}
		}
	}
}
