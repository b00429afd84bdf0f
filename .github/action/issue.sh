#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Keeps one issue for action.yml, in which the week's difference stands: it is opened when the
# audit is not clean, rewritten each time, closed when it is clean, and opened again if it must be.
# shellcheck source-path=SCRIPTDIR source=common.sh
. "${BASH_SOURCE[0]%/*}/common.sh"

export GH_HOST=${GITHUB_SERVER_URL#*://} GH_REPO=$GITHUB_REPOSITORY
export GH_TOKEN=$GITHUB_TOKEN GH_ENTERPRISE_TOKEN=$GITHUB_TOKEN
[[ -z $HISTORY_REPOSITORY ]] || export PATAUDIT_HISTORY=$RUNNER_TEMP/pataudit-history.db

pataudit=$RUNNER_TEMP/pataudit-bin/pataudit
marker='<!-- pataudit: the weekly review -->'
title="Access tokens: the week's review"
label=pataudit
text=$RUNNER_TEMP/pataudit-review.md
body=$RUNNER_TEMP/pataudit-issue.md
run=$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID

# review writes what changed of each organization since its last complete run, or all of it, to the
# file text. Names may stand there: where everybody could read them, the action ended before.
# shellcheck disable=SC2317 # quietly runs it
review() {
	local last organization runs
	runs=$(jq -r '(.audits // [.])[] | "\(.since.run // 0) \(.organization.login)"' "$JSON")
	while read -r last organization; do
		[[ $organization =~ ^[0-9A-Za-z][0-9A-Za-z_-]*$ && $last =~ ^[0-9]+$ ]] || return 1
		if [[ $last == 0 ]]; then
			"$pataudit" report "$JSON" --allow-public --format markdown >"$text"
			return # of all organizations
		fi
		"$pataudit" diff "run:$last" "$JSON" ${CONFIG:+"--config=$CONFIG"} \
			"--organization=$organization" --allow-public --format markdown >>"$text" || return
		echo >>"$text"
	done <<<"$runs"
}

rm -f "$text"
quietly review || stop 1 "the difference could not be told: the log says why"
{
	printf '%s\n**%s** in [this run](%s)\n\n' "$marker" "$VERDICT" "$run"
	# GitHub holds 65,536 characters.
	awk '(n += length($0) + 1) > 60000 { print "\n*The rest is cut off.*"; exit }
		{ print }' "$text"
} >"$body"

gh label create "$label" --force --description "kept by pataudit" >/dev/null
found=$(gh issue list --label "$label" --state all --limit 1000 \
	--json number,state,body,author --jq "[.[]
		| select(.author.is_bot and (.body | startswith(\"$marker\")))]
		| sort_by(.number) | last // empty | \"\(.number) \(.state)\"")
read -r number state <<<"$found"
case ${state:-NONE}/$VERDICT in
NONE/clean) exit 0 ;;
NONE/*) gh issue create --title "$title" --label "$label" --body-file "$body" ;;
*) gh issue edit "$number" --body-file "$body" ;;
esac
case ${state:-NONE}/$VERDICT in
OPEN/clean) gh issue close "$number" --reason completed ;;
CLOSED/clean | OPEN/* | NONE/*) ;;
CLOSED/*) gh issue reopen "$number" ;;
esac
