#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Checks for action.yml, before anything is downloaded or asked: what the mode does not use is not
# given, and what people may read is known. It hands on whether the repository is private.
# shellcheck source-path=SCRIPTDIR source=common.sh
. "${BASH_SOURCE[0]%/*}/common.sh"

# unused refuses an input that does nothing in this mode, unless it is at its default.
unused() { [[ $2 == "${3-}" ]] || stop 2 "the input $1 does nothing in mode $MODE"; }

# truth refuses an input that is neither true nor false.
truth() {
	case $2 in true | false) ;; *) stop 2 "the input $1 is neither true nor false" ;; esac
}

case $MODE in
audit)
	unused max-age "$MAX_AGE"
	;;
check)
	unused policy "$POLICY"
	unused decisions "$DECISIONS"
	unused baseline "$BASELINE"
	unused fail-on "$FAIL_ON"
	unused fail-on-requests "$FAIL_ON_REQUESTS" false
	unused fail-on-overdue "$FAIL_ON_OVERDUE" false
	unused formats "$FORMATS" 'xlsx html'
	unused output "$OUTPUT"
	unused history-required "$HISTORY_REQUIRED" false
	unused repositories "$REPOSITORIES"
	unused audit-log "$AUDIT_LOG" false
	unused classic "$CLASSIC" false
	unused exit-zero "$EXIT_ZERO" false
	unused allow-incomplete "$ALLOW_INCOMPLETE" false
	unused allow-empty "$ALLOW_EMPTY" false
	unused upload-sarif "$UPLOAD_SARIF" false
	unused upload-artifact "$UPLOAD_ARTIFACT" false
	[[ $SECRETS == false ]] || stop 2 "mode check takes no credentials, and no redact-key"
	[[ $HISTORY == true || -n $HISTORY_REPOSITORY || -n $CONFIG ]] ||
		stop 2 "mode check needs history or history-repository"
	;;
diff)
	unused max-age "$MAX_AGE"
	unused exit-zero "$EXIT_ZERO" false # the issue tells the violations
	unused redact-key "$REDACTED" false # the history that is compared with has the names
	[[ $HISTORY == true || -n $HISTORY_REPOSITORY || -n $CONFIG ]] ||
		stop 2 "mode diff needs history or history-repository"
	command -v gh >/dev/null || stop 1 "mode diff needs gh, which GitHub's own runners have"
	;;
*) stop 2 "the input mode is neither audit, check nor diff" ;;
esac
truth upload-sarif "$UPLOAD_SARIF"
truth upload-artifact "$UPLOAD_ARTIFACT"
truth allow-public "$ALLOW_PUBLIC"
[[ $RETENTION_DAYS =~ ^([1-9][0-9]?|[1-3][0-9][0-9]|400)$ ]] ||
	stop 2 "the input retention-days is not a number from 1 to 400"
if [[ $UPLOAD_SARIF == true ]]; then
	words "$FORMATS"
	[[ " ${words[*]} " == *' sarif '* ]] || stop 2 "upload-sarif needs sarif among the formats"
fi
if [[ -n $HISTORY_REPOSITORY ]]; then
	[[ $HISTORY == false ]] || stop 2 "history and history-repository name two histories"
	[[ $HISTORY_REPOSITORY =~ ^[0-9A-Za-z_-]+/[0-9A-Za-z._-]+$ ]] ||
		stop 2 "the input history-repository is not of the form owner/name"
	[[ $HISTORY_BRANCH =~ ^[0-9A-Za-z][0-9A-Za-z_-]*$ ]] ||
		stop 2 "the input history-branch is not a plain name"
	[[ $HISTORY_PATH =~ ^[0-9A-Za-z_][0-9A-Za-z_.-]*(/[0-9A-Za-z_][0-9A-Za-z_.-]*)*$ ]] ||
		stop 2 "the input history-path is not a path in a repository"
	[[ -n $HISTORY_TOKEN ]] || stop 2 "history-repository needs history-token"
fi
command -v jq >/dev/null || stop 1 "needs jq, which GitHub's own runners have"

if private "$GITHUB_REPOSITORY" "$GITHUB_TOKEN"; then
	output private true
else
	output private false
	notice "GitHub does not say that this repository is private: figures only, no name"
	public=
	[[ $UPLOAD_SARIF == false ]] || public=upload-sarif
	[[ $UPLOAD_ARTIFACT == false ]] || public=upload-artifact
	[[ $REDACTED == false ]] || public= # pseudonyms
	[[ $MODE != diff ]] || public="mode diff"
	[[ -z $public || $ALLOW_PUBLIC == true ]] ||
		stop 2 "$public would show names to everybody: it is for a private repository, or allow-public"
fi
[[ -z $HISTORY_REPOSITORY || $ALLOW_PUBLIC == true ]] ||
	private "$HISTORY_REPOSITORY" "$HISTORY_TOKEN" ||
	stop 2 "the history names people, and GitHub does not say that its repository is private"
