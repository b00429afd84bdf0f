// SPDX-License-Identifier: Apache-2.0

package main

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// unit is a file of systemd's: what stands under each section's keys, in order.
type unit map[string]map[string][]string

// systemdUnits reads those of .github/deploy/systemd, by file.
func systemdUnits(t *testing.T, pattern string) map[string]unit {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", ".github", "deploy", "systemd", pattern))
	if err != nil || len(files) == 0 {
		t.Fatalf("no units: %v", err)
	}
	found := map[string]unit{}
	for _, file := range files {
		name := filepath.Base(file)
		found[name] = parseUnit(t, name, string(top(t, ".github", "deploy", "systemd", name)))
	}
	return found
}

func parseUnit(t *testing.T, name, text string) unit {
	t.Helper()
	u, section := unit{}, ""
	for line := range strings.Lines(strings.ReplaceAll(text, "\\\n", " ")) {
		line = strings.TrimSpace(line)
		key, value, isSetting := strings.Cut(line, "=")
		switch {
		case line == "", strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "[") && strings.HasSuffix(line, "]"):
			section = strings.Trim(line, "[]")
			u[section] = map[string][]string{}
		case isSetting && section != "":
			u[section][key] = append(u[section][key], value)
		default:
			t.Errorf("%s: %q is no setting", name, line)
		}
	}
	return u
}

// one returns the only value of a key.
func (u unit) one(t *testing.T, section, key string) string {
	t.Helper()
	values := u[section][key]
	if len(values) != 1 {
		t.Fatalf("%s is set %d times", key, len(values))
	}
	return values[0]
}

// TestSystemdServices holds that each service is shut in, and knows its secrets by systemd alone.
func TestSystemdServices(t *testing.T) {
	yes := strings.Fields(`DynamicUser ProtectHome ProtectClock ProtectHostname ProtectKernelLogs
		ProtectKernelModules ProtectKernelTunables ProtectControlGroups PrivateTmp PrivateDevices
		PrivateUsers NoNewPrivileges RestrictNamespaces RestrictRealtime RestrictSUIDSGID RemoveIPC
		LockPersonality MemoryDenyWriteExecute`)
	want := map[string][]string{
		"Type": {"oneshot"}, "User": {"pataudit"}, "StateDirectory": {"pataudit"},
		"StateDirectoryMode": {"0700"}, "UMask": {"0077"}, "ProtectSystem": {"strict"},
		"ProtectProc": {"invisible"}, "ProcSubset": {"pid"}, "CapabilityBoundingSet": {""},
		"RestrictAddressFamilies": {"AF_INET AF_INET6 AF_UNIX"},
		"SystemCallArchitectures": {"native"}, "SystemCallErrorNumber": {"EPERM"},
		"SystemCallFilter": {"@system-service", "~@privileged @resources"},
	}
	for _, key := range yes {
		want[key] = []string{"yes"}
	}
	for name, u := range systemdUnits(t, "*.service") {
		service := u["Service"]
		for key, values := range want {
			if !slices.Equal(service[key], values) {
				t.Errorf("%s: %s is %q, want %q", name, key, service[key], values)
			}
		}
		for _, key := range []string{"TimeoutStartSec", "MemoryMax", "TasksMax"} {
			if len(service[key]) != 1 {
				t.Errorf("%s: there is no %s", name, key)
			}
		}
		given := map[string]bool{}
		for _, credential := range service["LoadCredential"] {
			id, _, _ := strings.Cut(credential, ":")
			given[id] = true
		}
		asked := regexp.MustCompile(`%d/([^ ]+)`)
		for _, line := range slices.Concat(service["Environment"], service["ExecStart"]) {
			if found := asked.FindStringSubmatch(line); found != nil && !given[found[1]] {
				t.Errorf("%s: nobody gives the credential %s", name, found[1])
			}
		}
		if u["Install"] != nil {
			t.Errorf("%s is started by its timer alone", name)
		}
	}
}

// TestSystemdExitCodes holds that clean alone is success, and that what another try would only say
// again is not tried.
func TestSystemdExitCodes(t *testing.T) {
	services := systemdUnits(t, "*.service")
	for name, u := range services {
		if got := u["Service"]["SuccessExitStatus"]; got != nil {
			t.Errorf("%s calls %s a success", name, got)
		}
	}
	audits := services["pataudit.service"]
	if got := audits.one(t, "Service", "RestartPreventExitStatus"); got != "2 3" ||
		audits.one(t, "Service", "Restart") != "on-failure" ||
		audits.one(t, "Unit", "StartLimitBurst") != "3" {
		t.Errorf("not tried again after %s", got)
	}
}

// TestFailuresAreHeard holds that each unit and CronJob says how somebody hears that it failed.
func TestFailuresAreHeard(t *testing.T) {
	for name := range systemdUnits(t, "*.service") {
		text := string(top(t, ".github", "deploy", "systemd", name))
		before, _, _ := strings.Cut(text, "\n[Service]")
		if !strings.Contains(before, "\n#OnFailure=tell-us@%n.service\n") {
			t.Errorf("%s does not say who is told", name)
		}
	}
	for name, want := range map[string]string{
		"audit.yaml": "check.yaml", "check.yaml": "kube_cronjob_status_last_successful_time",
	} {
		text := string(top(t, ".github", "deploy", "kubernetes", name))
		if !strings.Contains(text, want) {
			t.Errorf("%s does not say how its failure is heard: %s", name, want)
		}
	}
}

// TestSystemdTimers holds that each timer starts a service of its name, late rather than never,
// and not at the minute when everybody's does.
func TestSystemdTimers(t *testing.T) {
	services, timers := systemdUnits(t, "*.service"), systemdUnits(t, "*.timer")
	if len(services) != len(timers) {
		t.Errorf("%d services, %d timers", len(services), len(timers))
	}
	for name, u := range timers {
		if _, ok := services[strings.TrimSuffix(name, ".timer")+".service"]; !ok {
			t.Errorf("%s starts nothing", name)
		}
		if u.one(t, "Timer", "Persistent") != "true" ||
			u.one(t, "Timer", "RandomizedDelaySec") == "" || u.one(t, "Timer", "OnCalendar") == "" ||
			u.one(t, "Install", "WantedBy") != "timers.target" {
			t.Errorf("%s: %v", name, u)
		}
	}
}
