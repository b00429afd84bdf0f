#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Audits for action.yml, or checks that audits are still made: runs pataudit, shows its summary,
# and hands on its verdict and figures. What is not understood fails. Texts from GitHub reach the
# log and the summary through pataudit alone, which is told who can read them, and nothing else.
# shellcheck source-path=SCRIPTDIR source=common.sh
. "${BASH_SOURCE[0]%/*}/common.sh"
# shellcheck source=history.sh
. "${BASH_SOURCE[0]%/*}/history.sh"

pataudit=$RUNNER_TEMP/pataudit-bin/pataudit
folder=${OUTPUT:-$RUNNER_TEMP/pataudit-reports}
[[ $folder == /* ]] || folder=$PWD/$folder
json=$folder/audit.json
sarif=
written=() # the reports of this run

# file gives the name of a format's report.
file() {
	case $1 in
	json | xlsx | html | csv | sarif) echo "audit.$1" ;;
	table) echo audit.txt ;;
	wide) echo audit.wide.txt ;;
	markdown) echo audit.md ;;
	junit) echo audit.xml ;;
	oscal) echo audit.oscal.json ;;
	gemara) echo audit.gemara.yaml ;;
	gemara-catalog) echo audit.catalog.gemara.yaml ;;
	*) return 1 ;;
	esac
}

credentials() {
	[[ -z $CLIENT_ID || -z $PATAUDIT_APP_ID ]] ||
		stop 2 "client-id and app-id name one App: one is enough"
	export PATAUDIT_APP_ID=$PATAUDIT_APP_ID$CLIENT_ID
	case ${PATAUDIT_APP_ID:+id}${PATAUDIT_APP_KEY:+key}${PATAUDIT_TOKEN:+token} in
	idkey | token) ;;
	*) stop 2 "needs either client-id and app-key, or token; an unknown secret is empty" ;;
	esac
}

# switch adds a flag if an input is true.
switch() {
	case $2 in
	true) arguments+=("--$1") ;;
	false) ;;
	*) stop 2 "the input $1 is neither true nor false" ;;
	esac
}

# value adds a flag with the value of an input, if it has one.
value() { [[ -z $2 ]] || arguments+=("--$1=$2"); }

# reports adds the files to be written. Those of an earlier run are gone, whatever comes.
reports() {
	[[ $folder != *[[:cntrl:]]* ]] || stop 2 "the input output is not the path of a folder"
	mkdir -p -- "$folder"
	local name path
	words "json $FORMATS"
	for name in "${words[@]}"; do
		path=$(file "$name") || stop 2 "the input formats names an unknown format"
		path=$folder/$path
		rm -f -- "$path"
		written+=("$path")
		[[ $name != sarif ]] || sarif=$path
		[[ " ${arguments[*]} " == *" --output=$name=$path "* ]] ||
			arguments+=("--output=$name=$path")
	done
}

# more adds the flags of the input args, of which each is a line.
more() {
	local flag
	while IFS= read -r flag; do
		[[ -n $flag ]] || continue
		[[ $flag == --[a-z]* ]] || stop 2 "a line of the input args is no flag"
		[[ -z ${PATAUDIT_REDACT_KEY-} || ${flag%%=*} != --redact ]] ||
			stop 2 "a line of the input args decides on --redact, as redact-key does"
		arguments+=("$flag")
	done <<<"$ARGS"
}

organizations() {
	local name
	words "$ORGANIZATION"
	[[ ${#words[@]} -gt 0 || -z $CONFIG ]] || return 0 # those of the project file
	[[ ${#words[@]} -gt 0 ]] || stop 2 "the input organization is empty"
	for name in "${words[@]}"; do
		[[ $name =~ ^[0-9A-Za-z][0-9A-Za-z_-]*$ ]] ||
			stop 2 "the input organization is not a login, or several"
	done
	arguments+=(-- "${words[@]}")
}

# summary adds to the job's summary, and writes the annotations to a file.
# shellcheck disable=SC2317 # quietly runs it
summary() {
	"$pataudit" report --format markdown ${readers:+"$readers"} -- "$json" >>"$GITHUB_STEP_SUMMARY" &&
		"$pataudit" report --annotations ${readers:+"$readers"} -- "$json" >"$1"
}

# show shows the summary, and which tokens break which rule.
show() {
	local line commands=$RUNNER_TEMP/pataudit-annotations
	quietly summary "$commands" || stop 1 "the report could not be shown: the log says why"
	while IFS= read -r line; do
		[[ ! $line =~ ^::(error|warning|notice)' title=' ]] || echo "$line"
	done <"$commands"
}

# figures reads the verdict and the counts of the report, and holds them against the exit code.
# Expired tokens do not count by severity: GitHub lists them for as long as it likes.
figures() {
	local line numbers=' [0-9]{1,9}'
	line=$(jq -r '[(.audits // [.])[].tokens[] | select(.expired).severity] as $expired
		| def active($name): .[$name] - ($expired | map(select(. == $name)) | length);
		[.verdict, .complete, (.summary | .tokens, .tokens_active, .tokens_violating,
			.settings_contradicted // 0, .overdue // 0,
			(.tokens_by_severity | active("critical"), active("high"), active("medium"),
				active("low"), active("info")))]
		| map(tostring) | join(" ")' "$json" 2>/dev/null) || return 1
	[[ $line =~ ^[a-z_]+' '(true|false)($numbers){10}$ ]] || return 1
	read -r verdict complete tokens active violating settings overdue critical high medium low \
		info <<<"$line"
	case $verdict/$complete/$code in
	clean/true/0 | violations/true/3 | incomplete/false/4 | violations_incomplete/false/5) ;;
	violations/true/0) [[ $EXIT_ZERO == true ]] || return 1 ;;
	incomplete/false/0 | violations_incomplete/false/3) [[ $ALLOW_INCOMPLETE == true ]] || return 1 ;;
	violations_incomplete/false/0) [[ $EXIT_ZERO/$ALLOW_INCOMPLETE == true/true ]] || return 1 ;;
	*) return 1 ;;
	esac
}

# check is a dead man's switch: it fails unless every organization was seen whole of late.
check() {
	local code=0
	arguments=(history check)
	value config "$CONFIG"
	value max-age "$MAX_AGE"
	more
	organizations
	quietly "$pataudit" "${arguments[@]}" || code=$?
	output exit-code "$code"
	case $code in
	0) ;;
	4) stop 4 "no complete audit of late: the log says of which organization" ;;
	2) stop 2 "usage or configuration is wrong: the log says what" ;;
	*) stop "$code" "the history could not be read, or a run was changed: the log says which" ;;
	esac
	exit 0
}

# upload puts this run's reports where nothing else is, for an artifact.
upload() {
	local artifact=$RUNNER_TEMP/pataudit-artifact
	rm -rf -- "$artifact"
	mkdir -- "$artifact"
	cp -- "${written[@]}" "$artifact/"
	output artifact "$artifact"
}

# What can be read is known by GitHub's own answer, not by the event, which need not say it.
case $PRIVATE in
true) echo '{"repository": {"private": true}}' ;;
*) echo '{}' ;;
esac >"$RUNNER_TEMP/pataudit-event.json"
export GITHUB_EVENT_PATH=$RUNNER_TEMP/pataudit-event.json
readers=
[[ $ALLOW_PUBLIC != true ]] || readers=--allow-public

# Until there is a verdict, there is none. Of two lines the runner takes the last.
if [[ $MODE != check ]]; then
	output verdict failed
	output complete false
fi
if [[ -n $HISTORY_REPOSITORY ]]; then
	get_history
	export PATAUDIT_HISTORY=$database
fi
[[ $MODE != check ]] || check

[[ $MODE != diff ]] || EXIT_ZERO=true # the issue tells the violations
credentials
arguments=(audit ${readers:+"$readers"})
value config "$CONFIG"
value policy "$POLICY"
value decisions "$DECISIONS"
value baseline "$BASELINE"
value fail-on "$FAIL_ON"
switch fail-on-requests "$FAIL_ON_REQUESTS"
switch fail-on-overdue "$FAIL_ON_OVERDUE"
if [[ -n $HISTORY_REPOSITORY && -e $database ]]; then
	arguments+=(--history-required) # it is there, so it holds a run
else
	switch history-required "$HISTORY_REQUIRED"
fi
value repositories "$REPOSITORIES"
switch audit-log "$AUDIT_LOG"
switch classic "$CLASSIC"
[[ -z $PATAUDIT_REDACT_KEY ]] || arguments+=(--redact)
switch exit-zero "$EXIT_ZERO"
switch allow-incomplete "$ALLOW_INCOMPLETE"
switch allow-empty "$ALLOW_EMPTY"
more
reports
organizations

# Where another run was first to push the history, what it remembered is judged with: the audit is
# made again.
for try in 1 2 3; do
	[[ $try == 1 ]] || get_history
	code=0
	quietly "$pataudit" "${arguments[@]}" || code=$?
	output exit-code "$code"
	case $code in
	0 | 3 | 4 | 5) figures || stop 1 "the report is not what the exit code $code says" ;;
	2) stop 2 "usage, configuration or policy is wrong: the log says what" ;;
	*) stop "$code" "no audit, exit code $code: the log says why" ;;
	esac
	kept=0
	[[ -z $HISTORY_REPOSITORY ]] || keep_history || kept=$?
	[[ $kept == 1 ]] || break
	notice "another run was first to push the history"
done

cat >>"$GITHUB_OUTPUT" <<END
verdict=$verdict
complete=$complete
tokens=$tokens
active=$active
violating=$violating
settings-contradicted=$settings
overdue=$overdue
critical=$critical
high=$high
medium=$medium
low=$low
info=$info
reports=$folder
json=$json
END
[[ $complete != true || -z $sarif ]] || output sarif "$sarif"
[[ $UPLOAD_ARTIFACT != true ]] || upload
show
case $kept in
0) exit "$code" ;;
1) stop 1 "this run is not in the history: other runs were first, three times" ;;
*) stop 1 "this run is not in the history: it could not be pushed, as the log says" ;;
esac
