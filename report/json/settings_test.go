// SPDX-License-Identifier: Apache-2.0

package json

import (
	"bytes"
	"strings"
	"testing"

	"github.com/complytime/pataudit/report/reporttest"
)

// TestSettingsEdited: a report that says of a claim what does not follow from what it rests on is
// refused.
func TestSettingsEdited(t *testing.T) {
	good := string(reporttest.Write(t, Format, reporttest.ClaimedDocument()))
	for _, edit := range [][3]string{
		{`"state": "contradicted"`, `"state": "not_shown"`, "classic/state is not_shown"},
		{`"state": "contradicted"`, `"state": "holds"`, "classic/state is holds"},
		{`"state": "not_shown"`, `"state": "attested"`, "max_lifetime/state is attested"},
		{`"state": "ended"`, `"state": "valid"`, `max_lifetime/attestation/state is "valid"`},
		{`"until": "2027-05-21"`, `"until": "2026-11-21"`, `approval/attestation/state is "valid"`},
		{`"against": 10`, `"against": 9`, "classic/against is 9, and 10 are listed"},
		{`"against": 10`, `"against": 0`, "classic/against is 0"},
		{`"settings_contradicted": 1`, `"settings_contradicted": 2`, "settings_contradicted is 2"},
		{`"seen": "complete"`, `"seen": "refused"`, "approval/seen is not what the coverage says"},
		{`"setting": "max_lifetime"`, `"setting": "approval"`, "is none that can be claimed there"},
		{`"setting": "max_lifetime"`, `"setting": "other"`, "is none that can be claimed there"},
		{`"value": "required"`, `"value": ""`, "approval/value is empty"},
		{`"on": "2026-11-02"`, `"on": "yesterday"`, "is no time"},
	} {
		bad := strings.Replace(good, edit[0], edit[1], 1)
		if bad == good {
			t.Fatalf("there is no %s", edit[0])
		}
		saved, err := Read(bytes.NewReader([]byte(bad)), "report.json")
		if err == nil {
			_, err = saved.Document(reporttest.FakeRules())
		}
		if err == nil || !strings.Contains(err.Error(), edit[2]) {
			t.Errorf("%s for %s: %v", edit[1], edit[0], err)
		}
	}
}
