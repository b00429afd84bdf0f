# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
#
# What the scripts of action.yml share.
set -euo pipefail
export LC_ALL=C
umask 077

# stop ends with a code and a message, which holds no text from outside.
stop() {
	echo "::error title=pataudit::$2"
	exit "$1"
}

notice() { echo "::notice title=pataudit::$1"; }

output() { echo "$1=$2" >>"$GITHUB_OUTPUT"; }

# words reads the words of an input, between spaces, commas or lines.
# shellcheck disable=SC2034 # others read them
words() { IFS=$', \t\n' read -r -d '' -a words <<<"$1" || true; }

# quietly runs a command. The runner obeys nothing of what it prints.
quietly() {
	local mark code=0
	mark=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
	[[ $mark =~ ^[0-9a-f]{32}$ ]] || return 1
	echo "::stop-commands::$mark"
	"$@" 2>&1 || code=$?
	printf '\n::%s::\n' "$mark"
	return "$code"
}

# private reports whether GitHub says that a repository is private or internal, to a token that may
# read it. Everything else fails: a refusal, another repository, an answer that is not understood.
private() {
	local answer
	answer=$(curl --fail --silent --max-time 30 --retry 2 --header @- \
		--header 'Accept: application/vnd.github+json' "$GITHUB_API_URL/repos/$1" \
		<<<"Authorization: Bearer $2" 2>/dev/null) || return 1
	jq --exit-status --arg name "$1" '.private == true
		and ((.visibility // "private") | . == "private" or . == "internal")
		and (.full_name | ascii_downcase) == ($name | ascii_downcase)' \
		>/dev/null 2>&1 <<<"$answer"
}
