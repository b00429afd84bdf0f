#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# sbom.sh ARCHIVE DOCUMENT TIME writes what is in a release's archive, in SPDX: the modules that
# the Go linker wrote into the binary, and Go itself. The same archive and time give the same
# document. It needs no program but Go: what builds a release can sign it, so it runs little else.
set -eu
archive=$1 document=$2 time=$3

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
case $archive in
*.zip) unzip -q "$archive" -d "$folder" ;;
*) tar -xzf "$archive" -C "$folder" ;;
esac
go version -m "$folder"/pataudit* >"$folder/modules"
sum=$(sha256sum <"$archive")

# Neither a module's path nor its version has a character that JSON would escape.
awk -F '\t' -v name="${archive##*/}" -v sum="${sum%% *}" -v time="$time" '
function package(path, version,    id, url) {
	id = "SPDXRef-" (n++)
	url = version
	gsub(/\+/, "%2B", url)
	packages = packages (n > 1 ? "," : "") sprintf("\n  {\"SPDXID\": \"%s\", \"name\": \"%s\", " \
		"\"versionInfo\": \"%s\", \"downloadLocation\": \"NOASSERTION\", " \
		"\"filesAnalyzed\": false, \"externalRefs\": [{\"referenceCategory\": " \
		"\"PACKAGE-MANAGER\", \"referenceType\": \"purl\", " \
		"\"referenceLocator\": \"pkg:golang/%s@%s\"}]}", id, path, version, path, url)
	relations = relations (n > 1 ? "," : "") sprintf("\n  {\"spdxElementId\": \"%s\", " \
		"\"relationshipType\": \"%s\", \"relatedSpdxElement\": \"%s\"}",
		n > 1 ? "SPDXRef-0" : "SPDXRef-DOCUMENT", n > 1 ? "DEPENDS_ON" : "DESCRIBES", id)
}
NR == 1 { go = $1; sub(/^.*: go/, "", go) }
$2 == "mod" { package($3, $4); package("stdlib", go) }
$2 == "dep" { package($3, $4) }
$2 == "=>" { exit 1 }
END {
	if (n < 3) exit 1 # not a binary of ours
	printf "{\"spdxVersion\": \"SPDX-2.3\", \"dataLicense\": \"CC0-1.0\", " \
		"\"SPDXID\": \"SPDXRef-DOCUMENT\", \"name\": \"%s\",\n" \
		" \"documentNamespace\": \"https://github.com/complytime/pataudit/spdx/%s-%s\",\n" \
		" \"creationInfo\": {\"created\": \"%s\", \"creators\": [\"Tool: sbom.sh\"]},\n" \
		" \"packages\": [%s\n ],\n \"relationships\": [%s\n ]}\n",
		name, name, sum, time, packages, relations
}' "$folder/modules" >"$document"
