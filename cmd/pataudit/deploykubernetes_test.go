// SPDX-License-Identifier: Apache-2.0

package main

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"
)

// nobody is the user in the container, who is in no list of users.
const nobody = 65532

// The parts of Kubernetes' objects that our manifests use: another key is a mistake until it
// stands here.
type (
	manifest struct {
		APIVersion string     `yaml:"apiVersion"`
		Kind       string     `yaml:"kind"`
		Metadata   objectMeta `yaml:"metadata"`
	}
	objectMeta struct {
		Name         string            `yaml:"name"`
		GenerateName string            `yaml:"generateName"`
		Namespace    string            `yaml:"namespace"`
		Labels       map[string]string `yaml:"labels"`
	}
	cronJob struct {
		manifest `yaml:",inline"`
		Spec     struct {
			Schedule                   string `yaml:"schedule"`
			TimeZone                   string `yaml:"timeZone"`
			ConcurrencyPolicy          string `yaml:"concurrencyPolicy"`
			StartingDeadlineSeconds    int    `yaml:"startingDeadlineSeconds"`
			SuccessfulJobsHistoryLimit int    `yaml:"successfulJobsHistoryLimit"`
			FailedJobsHistoryLimit     int    `yaml:"failedJobsHistoryLimit"`
			JobTemplate                struct {
				Metadata objectMeta `yaml:"metadata"`
				Spec     jobSpec    `yaml:"spec"`
			} `yaml:"jobTemplate"`
		} `yaml:"spec"`
	}
	batchJob struct {
		manifest `yaml:",inline"`
		Spec     jobSpec `yaml:"spec"`
	}
	jobSpec struct {
		CompletionMode          string `yaml:"completionMode"`
		Completions             int    `yaml:"completions"`
		Parallelism             int    `yaml:"parallelism"`
		ActiveDeadlineSeconds   int    `yaml:"activeDeadlineSeconds"`
		TTLSecondsAfterFinished int    `yaml:"ttlSecondsAfterFinished"`
		BackoffLimit            *int   `yaml:"backoffLimit"`
		BackoffLimitPerIndex    *int   `yaml:"backoffLimitPerIndex"`
		PodFailurePolicy        struct {
			Rules []failureRule `yaml:"rules"`
		} `yaml:"podFailurePolicy"`
		Template struct {
			Metadata objectMeta `yaml:"metadata"`
			Spec     podSpec    `yaml:"spec"`
		} `yaml:"template"`
	}
	failureRule struct {
		Action          string `yaml:"action"`
		OnPodConditions []struct {
			Type, Status string
		} `yaml:"onPodConditions"`
		OnExitCodes struct {
			ContainerName string `yaml:"containerName"`
			Operator      string `yaml:"operator"`
			Values        []int  `yaml:"values"`
		} `yaml:"onExitCodes"`
	}
	podSpec struct {
		RestartPolicy                 string      `yaml:"restartPolicy"`
		AutomountServiceAccountToken  *bool       `yaml:"automountServiceAccountToken"`
		EnableServiceLinks            *bool       `yaml:"enableServiceLinks"`
		TerminationGracePeriodSeconds int         `yaml:"terminationGracePeriodSeconds"`
		SecurityContext               podSecurity `yaml:"securityContext"`
		Containers                    []container `yaml:"containers"`
		Volumes                       []volume    `yaml:"volumes"`
	}
	podSecurity struct {
		RunAsNonRoot        bool              `yaml:"runAsNonRoot"`
		RunAsUser           int               `yaml:"runAsUser"`
		RunAsGroup          int               `yaml:"runAsGroup"`
		FSGroup             int               `yaml:"fsGroup"`
		FSGroupChangePolicy string            `yaml:"fsGroupChangePolicy"`
		SeccompProfile      map[string]string `yaml:"seccompProfile"`
	}
	container struct {
		Name            string            `yaml:"name"`
		Image           string            `yaml:"image"`
		Args            []string          `yaml:"args"`
		Env             []variable        `yaml:"env"`
		Resources       resources         `yaml:"resources"`
		SecurityContext containerSecurity `yaml:"securityContext"`
		VolumeMounts    []mount           `yaml:"volumeMounts"`
	}
	variable struct {
		Name      string `yaml:"name"`
		Value     string `yaml:"value"`
		ValueFrom struct {
			SecretKeyRef struct{ Name, Key string } `yaml:"secretKeyRef"`
			FieldRef     struct {
				FieldPath string `yaml:"fieldPath"`
			} `yaml:"fieldRef"`
		} `yaml:"valueFrom"`
	}
	resources         struct{ Requests, Limits map[string]string }
	containerSecurity struct {
		AllowPrivilegeEscalation *bool               `yaml:"allowPrivilegeEscalation"`
		ReadOnlyRootFilesystem   bool                `yaml:"readOnlyRootFilesystem"`
		Capabilities             map[string][]string `yaml:"capabilities"`
	}
	mount struct {
		Name      string `yaml:"name"`
		MountPath string `yaml:"mountPath"`
		ReadOnly  bool   `yaml:"readOnly"`
	}
	volume struct {
		Name     string `yaml:"name"`
		EmptyDir struct {
			SizeLimit string `yaml:"sizeLimit"`
		} `yaml:"emptyDir"`
		PersistentVolumeClaim struct {
			ClaimName string `yaml:"claimName"`
		} `yaml:"persistentVolumeClaim"`
		Secret struct {
			SecretName  string              `yaml:"secretName"`
			DefaultMode int                 `yaml:"defaultMode"`
			Items       []map[string]string `yaml:"items"`
		} `yaml:"secret"`
	}
	networkPolicy struct {
		manifest `yaml:",inline"`
		Spec     struct {
			PodSelector struct {
				MatchLabels map[string]string `yaml:"matchLabels"`
			} `yaml:"podSelector"`
			PolicyTypes []string `yaml:"policyTypes"`
			Egress      []struct {
				Ports []struct {
					Protocol string
					Port     int
				}
				To []struct {
					IPBlock struct {
						CIDR   string   `yaml:"cidr"`
						Except []string `yaml:"except"`
					} `yaml:"ipBlock"`
				}
			} `yaml:"egress"`
		} `yaml:"spec"`
	}
	claim struct {
		manifest `yaml:",inline"`
		Spec     struct {
			AccessModes []string `yaml:"accessModes"`
			Resources   resources
		} `yaml:"spec"`
	}
	kustomization struct {
		APIVersion string `yaml:"apiVersion"`
		Kind       string `yaml:"kind"`
		Resources  []string
		Images     []struct {
			Name    string
			NewName string `yaml:"newName"`
			NewTag  string `yaml:"newTag"`
		}
	}
)

// workload is a manifest that runs pods.
type workload struct {
	cron *cronJob // nil for a Job by itself
	meta objectMeta
	job  *jobSpec
}

// manifests are the files of .github/deploy/kubernetes.
func manifests(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", ".github", "deploy", "kubernetes", "*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no manifests: %v", err)
	}
	for i, file := range files {
		files[i] = filepath.Base(file)
	}
	return files
}

// load reads a manifest into a value that knows each of its keys.
func load(t *testing.T, name string, into any) {
	t.Helper()
	text := top(t, ".github", "deploy", "kubernetes", name)
	if err := yaml.Load(text, into, yaml.WithKnownFields(), yaml.WithUniqueKeys()); err != nil {
		t.Errorf("%s: %v", name, err)
	}
}

// kindOf tells a manifest's kind.
func kindOf(t *testing.T, name string) string {
	t.Helper()
	var m manifest
	text := top(t, ".github", "deploy", "kubernetes", name)
	if err := yaml.Load(text, &m); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return m.Kind
}

// workloads reads the manifests that run pods, by file.
func workloads(t *testing.T) map[string]workload {
	t.Helper()
	found := map[string]workload{}
	for _, name := range manifests(t) {
		switch kindOf(t, name) {
		case "CronJob":
			c := new(cronJob)
			load(t, name, c)
			found[name] = workload{c, c.Metadata, &c.Spec.JobTemplate.Spec}
		case "Job":
			j := new(batchJob)
			load(t, name, j)
			found[name] = workload{nil, j.Metadata, &j.Spec}
		}
		if w, ok := found[name]; ok && len(w.job.Template.Spec.Containers) != 1 {
			t.Fatalf("%s: %d containers", name, len(w.job.Template.Spec.Containers))
		}
	}
	return found
}

// TestKubernetesPods holds each pod to Kubernetes' restricted profile, and beyond.
func TestKubernetesPods(t *testing.T) {
	no := false
	for name, w := range workloads(t) {
		pod := w.job.Template.Spec
		c := pod.Containers[0]
		wantPod := podSecurity{
			true, nobody, nobody, nobody, "OnRootMismatch", map[string]string{"type": "RuntimeDefault"},
		}
		if diff := cmp.Diff(wantPod, pod.SecurityContext); diff != "" {
			t.Errorf("%s: the pod's security: %s", name, diff)
		}
		want := containerSecurity{&no, true, map[string][]string{"drop": {"ALL"}}}
		if diff := cmp.Diff(want, c.SecurityContext); diff != "" {
			t.Errorf("%s: the container's security: %s", name, diff)
		}
		if diff := cmp.Diff([]*bool{&no, &no}, []*bool{
			pod.AutomountServiceAccountToken, pod.EnableServiceLinks,
		}); diff != "" {
			t.Errorf("%s: a token of the cluster, or names of its services: %s", name, diff)
		}
		if _, tag, ok := strings.Cut(c.Image, ":"); !ok || tag == "latest" {
			t.Errorf("%s: the image %s is another one tomorrow", name, c.Image)
		}
		for _, resource := range []string{"cpu", "memory", "ephemeral-storage"} {
			if c.Resources.Requests[resource] == "" || c.Resources.Limits[resource] == "" {
				t.Errorf("%s: %s is without a request or a limit", name, resource)
			}
		}
		if pod.TerminationGracePeriodSeconds < 2*int(grace.Seconds())+1 {
			t.Errorf("%s: %d s to end in", name, pod.TerminationGracePeriodSeconds)
		}
		checkVolumes(t, name, &pod)
	}
}

// checkVolumes holds that each volume is of one kind and mounted once, that there is a /tmp, and
// that every path in the arguments and the environment is on one of them.
func checkVolumes(t *testing.T, name string, pod *podSpec) {
	t.Helper()
	c := pod.Containers[0]
	mounted := map[string]mount{}
	for _, m := range c.VolumeMounts {
		mounted[m.Name] = m
	}
	if len(mounted) != len(pod.Volumes) || mounted["tmp"].MountPath != "/tmp" {
		t.Errorf("%s: mounts %v of %d volumes", name, mounted, len(pod.Volumes))
	}
	for _, v := range pod.Volumes {
		secret := v.Secret.SecretName != ""
		if kinds := []bool{
			secret, v.EmptyDir.SizeLimit != "", v.PersistentVolumeClaim.ClaimName != "",
		}; countTrue(kinds) != 1 {
			t.Errorf("%s: the volume %s is of %d kinds", name, v.Name, countTrue(kinds))
		}
		if mode := v.Secret.DefaultMode; secret && mode != 0o440 && mode != 0o400 {
			t.Errorf("%s: the key has mode %04o", name, mode)
		}
		if m, ok := mounted[v.Name]; !ok || secret != m.ReadOnly {
			t.Errorf("%s: %s is mounted as %+v", name, v.Name, m)
		}
	}
	var paths []string
	for _, arg := range c.Args {
		if _, value, ok := strings.Cut(arg, "=/"); ok {
			paths = append(paths, "/"+value)
		}
	}
	for _, v := range c.Env {
		if strings.HasPrefix(v.Value, "/") {
			paths = append(paths, v.Value)
		}
	}
	for _, path := range paths {
		if !slices.ContainsFunc(c.VolumeMounts, func(m mount) bool {
			return filepath.ToSlash(filepath.Dir(path)) == m.MountPath
		}) {
			t.Errorf("%s: %s is on no volume", name, path)
		}
	}
}

func countTrue(values []bool) (n int) {
	for _, value := range values {
		if value {
			n++
		}
	}
	return n
}
