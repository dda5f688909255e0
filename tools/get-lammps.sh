#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Sources of LAMMPS, from Debian's source packages (which leave Kokkos out); prints the folder.
#   tools/get-lammps.sh 29Sep2021|4Feb2025        -> build-kokkos/lammps-VERSION
# Downloads 80 or 132 MB. The system's apt configuration stays as it is.
set -eu
cd "$(dirname "$0")/.."

version=${1:-}
case $version in
  29Sep2021)
    suite=bookworm
    sha256=65146c615ad24d8b8bc64f4e05e86226a7f1fdb45c0b5ea9416562b9f3863082
    ;;
  4Feb2025)
    suite=trixie
    sha256=3671165bd52fad36734e0a9136c5bc5ecb225e03988f8c89aa13366a8b53b1c7
    ;;
  *)
    echo "usage: tools/get-lammps.sh 29Sep2021|4Feb2025" >&2
    exit 2
    ;;
esac
folder=$PWD/build-kokkos/lammps-$version
if [ -f "$folder/src/lammps.h" ]; then
  echo "$folder"
  exit 0
fi

mirror=$(apt-get indextargets --format '$(CODENAME) $(REPO_URI)' 'Identifier: Packages' |
  awk '$1 ~ /^(bookworm|trixie)$/ { print $2; exit }')
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
if [ -z "$mirror" ] || [ ! -f $keyring ]; then
  echo "get-lammps: apt on this machine has no source of Debian packages; put the sources of LAMMPS" \
    "$version into $folder" >&2
  exit 1
fi

# A configuration of apt beside the system's, with the source packages of one suite.
apt=$PWD/build-kokkos/download/apt-$suite
mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$apt/parts"
echo "deb-src [signed-by=$keyring] $mirror $suite main" >"$apt/sources.list"
private() {
  apt-get -qq -o Dir::Etc::SourceList="$apt/sources.list" -o Dir::Etc::SourceParts="$apt/parts" \
    -o Dir::State::Lists="$apt/lists" -o Dir::State::Status=/dev/null \
    -o Dir::Cache="$apt/cache" -o APT::Sandbox::User=root "$@"
}
private update >&2
(cd "$apt" && private source --tar-only --download-only lammps >&2)
archive=$(find "$apt" -maxdepth 1 -name 'lammps_*.orig.tar.*')
if ! echo "$sha256  $archive" | sha256sum --check --quiet >&2; then
  echo "get-lammps: $archive is not the file expected" >&2
  exit 1
fi

rm -rf "$folder.new" "$folder"
mkdir -p "$folder.new"
tar xf "$archive" -C "$folder.new" --strip-components=1 \
  --exclude='*/doc/src' --exclude='*/examples/*' --exclude='*/bench/*'
mv "$folder.new" "$folder"
rm -rf "$apt"
echo "$folder"
