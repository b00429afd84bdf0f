#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Audits for action.yml: runs pataudit, shows its summary, and hands on its verdict and figures.
# What is not understood fails. Texts from GitHub reach the log and the summary through pataudit
# alone, which knows whether everybody can read them, and nothing else.
set -euo pipefail
export LC_ALL=C
umask 077

pataudit=$RUNNER_TEMP/pataudit-bin/pataudit
folder=${OUTPUT:-$RUNNER_TEMP/pataudit-reports}
[[ $folder == /* ]] || folder=$PWD/$folder
json=$folder/audit.json
sarif=

# stop ends with a code and a message, which holds no text from outside.
stop() {
	echo "::error title=pataudit::$2"
	exit "$1"
}

output() { echo "$1=$2" >>"$GITHUB_OUTPUT"; }

# words reads the words of an input, between spaces, commas or lines.
words() { IFS=$', \t\n' read -r -d '' -a words <<<"$1" || true; }

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

# audit audits, and adds to the job's summary. The runner obeys nothing of what that prints.
audit() {
	local mark code=0
	mark=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
	[[ $mark =~ ^[0-9a-f]{32}$ ]] || return 1
	echo "::stop-commands::$mark"
	"$pataudit" "${arguments[@]}" 2>&1 || code=$?
	case $code in
	0 | 3 | 4 | 5)
		{ "$pataudit" report --format markdown -- "$json" >>"$GITHUB_STEP_SUMMARY"; } 2>&1 || code=1
		;;
	esac
	printf '\n::%s::\n' "$mark"
	return "$code"
}

# figures reads the verdict and the counts of the report, and holds them against the exit code.
# Expired tokens do not count by severity: GitHub lists them for as long as it likes.
figures() {
	local line numbers=' [0-9]{1,9}'
	line=$(jq -r '[(.audits // [.])[].tokens[] | select(.expired).severity] as $expired
		| def active($name): .[$name] - ($expired | map(select(. == $name)) | length);
		[.verdict, .complete, (.summary | .tokens, .tokens_active, .tokens_violating, .overdue // 0,
			(.tokens_by_severity | active("critical"), active("high"), active("medium"),
				active("low"), active("info")),
			(.tokens_indebted_by_severity | .critical + .high + .medium + .low + .info),
			(. as $all | ("critical", "high", "medium", "low", "info") as $name | .tokens_by_severity
				| [active($name) - $all.tokens_indebted_by_severity[$name], 0] | max))]
		| map(tostring) | join(" ")' "$json" 2>/dev/null) || return 1
	[[ $line =~ ^[a-z_]+' '(true|false)($numbers){15}$ ]] || return 1
	read -r verdict complete tokens active violating overdue critical high medium low info \
		debt counts <<<"$line"
	case $verdict/$complete/$code in
	clean/true/0 | violations/true/3 | incomplete/false/4 | violations_incomplete/false/5) ;;
	violations/true/0) [[ $EXIT_ZERO == true ]] || return 1 ;;
	incomplete/false/0 | violations_incomplete/false/3) [[ $ALLOW_INCOMPLETE == true ]] || return 1 ;;
	violations_incomplete/false/0) [[ $EXIT_ZERO/$ALLOW_INCOMPLETE == true/true ]] || return 1 ;;
	*) return 1 ;;
	esac
}

# annotate says how many there are of what, at a level.
annotate() {
	local level=$1
	[[ $verdict != clean ]] || level=notice
	[[ $2 == 0 ]] || echo "::$level title=pataudit::$2 $3"
}

# Until there is a verdict, there is none. Of two lines the runner takes the last.
output verdict failed
output complete false

command -v jq >/dev/null || stop 1 "needs jq, which GitHub's own runners have"
credentials
arguments=(audit)
value config "$CONFIG"
value policy "$POLICY"
value decisions "$DECISIONS"
value baseline "$BASELINE"
value fail-on "$FAIL_ON"
switch fail-on-requests "$FAIL_ON_REQUESTS"
switch fail-on-overdue "$FAIL_ON_OVERDUE"
switch history-required "$HISTORY_REQUIRED"
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

code=0
audit || code=$?
output exit-code "$code"
case $code in
0 | 3 | 4 | 5) figures || stop 1 "the report is not what the exit code $code says" ;;
2) stop 2 "usage, configuration or policy is wrong: the log says what" ;;
*) stop "$code" "no audit, exit code $code: the log says why" ;;
esac

cat >>"$GITHUB_OUTPUT" <<END
verdict=$verdict
complete=$complete
tokens=$tokens
active=$active
violating=$violating
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

worst="tokens by their worst finding"
read -r critical high medium low info <<<"$counts"
annotate error "$critical" "critical: $worst"
annotate error "$high" "high: $worst"
annotate warning "$medium" "medium: $worst"
annotate notice "$low" "low: $worst"
annotate notice "$info" "info: $worst"
annotate notice "$debt" "debt: tokens that a baseline alone keeps from breaking the policy"
annotate warning "$overdue" "overdue: findings that stand longer than the policy's sla"
case $verdict in
violations*)
	echo "::error title=pataudit::violations: $violating of $tokens tokens break the policy"
	;;
esac
[[ $complete == true ]] ||
	echo "::error title=pataudit::the evidence is incomplete: the summary says what was not seen"
exit "$code"
