# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
#
# The history as a file on a branch of a repository. Each run is a commit on top of the one that it
# began with, and none is ever forced: who comes second is refused, and begins again with what the
# first remembered.

clone=$RUNNER_TEMP/pataudit-history.git
database=$RUNNER_TEMP/pataudit-history.db
remote=$GITHUB_SERVER_URL/$HISTORY_REPOSITORY.git
branch=refs/heads/$HISTORY_BRANCH
before= # the commit that this run began with; none if it is the first

# repository runs git on a clone of our own. The token is on no command line and in no file.
repository() {
	local basic
	basic=$(printf 'x-access-token:%s' "$HISTORY_TOKEN" | base64 | tr -d '\n')
	GIT_TERMINAL_PROMPT=0 GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=http.$GITHUB_SERVER_URL/.extraheader \
		GIT_CONFIG_VALUE_0="AUTHORIZATION: basic $basic" GIT_INDEX_FILE=$clone/pataudit-index \
		GIT_AUTHOR_NAME=pataudit GIT_AUTHOR_EMAIL=pataudit@users.noreply.github.com \
		GIT_COMMITTER_NAME=pataudit GIT_COMMITTER_EMAIL=pataudit@users.noreply.github.com \
		git --git-dir="$clone" "$@"
}

# get_history fetches the history. What cannot be read must not look new.
get_history() {
	local code=0 there=
	rm -rf "$clone" "$database" "$database"-*
	git init --quiet --bare --template= "$clone"
	before=
	repository ls-remote --exit-code "$remote" "$branch" >/dev/null || code=$?
	case $code in
	0)
		repository fetch --quiet --depth 1 "$remote" "$branch" || code=1
		before=$(repository rev-parse FETCH_HEAD) || code=1
		there=$(repository ls-tree "$before" -- "$HISTORY_PATH") || code=1
		;;
	2) code=0 ;; # no such branch
	esac
	[[ $code == 0 ]] || stop 1 "the history could not be read: the log says why"
	if [[ -z $there ]]; then
		echo "no history yet: this is its first run"
		return
	fi
	repository show "$before:$HISTORY_PATH" >"$database" ||
		stop 1 "the history could not be read: the log says why"
}

# keep_history commits the history and pushes it. It returns 1 if another run was first, and 2 if
# the history cannot be kept, which the log explains.
keep_history() {
	local blob tree commit now
	if [[ -s $database-wal ]]; then
		echo "the history has an unfinished change"
		return 2
	fi
	blob=$(repository hash-object -w "$database") &&
		repository read-tree "${before:---empty}" &&
		repository update-index --add --cacheinfo "100644,$blob,$HISTORY_PATH" &&
		tree=$(repository write-tree) &&
		commit=$(repository commit-tree ${before:+-p "$before"} -m "run $GITHUB_RUN_ID" "$tree") ||
		return 2
	! repository push --quiet "$remote" "$commit:$branch" || return 0
	now=$(repository ls-remote "$remote" "$branch") || return 2
	[[ ${now%%[[:space:]]*} != "$before" ]] || return 2
	return 1
}
