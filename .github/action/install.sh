#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Puts pataudit in place for action.yml, and on the PATH of the steps after it: built from the
# source beside this script, or from a release whose checksum is right. Anything else ends it.
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

release() {
	[[ $VERSION =~ ^v[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?$ ]] ||
		refuse "the input version is not of the form v1.2.3"
	local want=$SHA256 archive from
	archive=$(platform) || refuse "no release for this kind of machine: leave out version"
	archive=pataudit_${VERSION#v}_$archive.tar.gz
	from=https://github.com/complytime/pataudit/releases/download/$VERSION
	if [[ -z $want ]]; then
		download "$from/checksums.txt" "$folder/checksums.txt"
		want=$(awk -v archive="$archive" '$2 == archive { print $1 }' "$folder/checksums.txt")
	fi
	[[ $want =~ ^[0-9a-f]{64}$ ]] || refuse "no SHA-256 for the release's archive"
	download "$from/$archive" "$folder/$archive"
	[[ $(sum "$folder/$archive") == "$want" ]] ||
		refuse "the release's archive does not have the SHA-256 that it should have"
	tar -xzf "$folder/$archive" -C "$folder" pataudit
}

rm -rf "$folder"
mkdir "$folder"
if [[ -n $VERSION ]]; then
	release
elif [[ -n $SHA256 ]]; then
	refuse "the input sha256 is of a release, and none is named: set version"
else
	build
fi
echo "$folder" >>"$GITHUB_PATH"
