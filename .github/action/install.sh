#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Puts pataudit in place for action.yml, and on the PATH of the steps after it: from a release whose
# checksum and attestation are right or, on request, built from the source beside this script.
# Anything else ends it.
set -euo pipefail
export LC_ALL=C
umask 077

folder=$RUNNER_TEMP/pataudit-bin

# refuse ends with a message, which holds no text from outside.
refuse() {
	echo "::error title=pataudit::$1"
	exit 2
}

build() {
	local version=dev
	[[ $ACTION_REF =~ ^[0-9A-Za-z._-]+$ ]] && version=$ACTION_REF
	cd "$ACTION_PATH"
	CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags "-X main.version=$version" \
		-o "$folder/pataudit" ./cmd/pataudit
}

download() {
	curl --fail --silent --show-error --location --proto '=https' --proto-redir '=https' \
		--tlsv1.2 --retry 3 --max-time 300 --output "$2" "$1"
}

# platform gives what an archive of this machine is called after.
platform() {
	local system machine
	system=$(uname -s)
	machine=$(uname -m)
	case $system in
	Linux) system=linux ;;
	Darwin) system=darwin ;;
	*) return 1 ;;
	esac
	case $machine in
	x86_64) machine=amd64 ;;
	aarch64 | arm64) machine=arm64 ;;
	*) return 1 ;;
	esac
	echo "${system}_$machine"
}

sum() {
	local text
	if command -v sha256sum >/dev/null; then
		text=$(sha256sum <"$1")
	else
		text=$(shasum -a 256 <"$1")
	fi
	echo "${text%% *}"
}

# attested checks that the project's release workflow made the archive, from the version's tag. The
# bundle is among the release's files, so that an Enterprise Server's runner can check it, too.
attested() {
	local workflow=complytime/pataudit/.github/workflows/release.yml bundle
	if ! command -v gh >/dev/null; then
		echo "::warning title=pataudit::nobody checked who made the release: this runner has no gh"
		return
	fi
	bundle=pataudit_${VERSION#v}.intoto.jsonl
	download "$2/$bundle" "$folder/$bundle"
	GH_HOST=github.com gh attestation verify "$1" --bundle "$folder/$bundle" \
		--repo complytime/pataudit --signer-workflow "$workflow" --source-ref "refs/tags/$VERSION" \
		--deny-self-hosted-runners >/dev/null ||
		refuse "the release's archive has no right attestation: who made it is not known"
}

release() {
	[[ $VERSION =~ ^v[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?$ ]] ||
		refuse "the input version is not of the form v1.2.3"
	local want=$SHA256 archive from kept=
	archive=$(platform) || refuse "no release for this kind of machine: leave out version"
	archive=pataudit_${VERSION#v}_$archive.tar.gz
	from=https://github.com/complytime/pataudit/releases/download/$VERSION
	if [[ -z $want ]]; then
		download "$from/checksums.txt" "$folder/checksums.txt"
		want=$(awk -v archive="$archive" '$2 == archive { print $1 }' "$folder/checksums.txt")
	fi
	[[ $want =~ ^[0-9a-f]{64}$ ]] || refuse "no SHA-256 for the release's archive"
	# What a runner keeps is checked like what comes from elsewhere.
	[[ -z ${RUNNER_TOOL_CACHE:-} ]] || kept=$RUNNER_TOOL_CACHE/pataudit/${VERSION#v}
	if [[ -n $kept && -f $kept/$archive && $(sum "$kept/$archive") == "$want" ]]; then
		cp "$kept/$archive" "$folder/$archive"
	else
		download "$from/$archive" "$folder/$archive"
	fi
	[[ $(sum "$folder/$archive") == "$want" ]] ||
		refuse "the release's archive does not have the SHA-256 that it should have"
	attested "$folder/$archive" "$from"
	tar -xzf "$folder/$archive" -C "$folder" pataudit
	[[ -z $kept ]] || { mkdir -p "$kept" && cp "$folder/$archive" "$kept/"; } ||
		echo "the archive is not kept for the next run"
}

rm -rf "$folder"
mkdir "$folder"
# The version is that of the tag by which the action is used, unless it is told.
[[ -n $VERSION || ! $ACTION_REF =~ ^v[0-9]+\.[0-9]+\.[0-9]+ ]] || VERSION=$ACTION_REF
case $BUILD in
true)
	[[ -z $SHA256 ]] || refuse "the input sha256 is of a release, and build asks for none"
	build
	;;
false)
	[[ -n $VERSION ]] ||
		refuse "no release is named: set version to the one of this commit, or build to true"
	release
	;;
*) refuse "the input build is neither true nor false" ;;
esac
echo "$folder" >>"$GITHUB_PATH"
