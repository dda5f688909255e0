#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# apt-get on a suite of Debian (bookworm, trixie) that this machine need not run; what it downloads goes
# into the present folder. The system's apt configuration stays as it is.
#   tools/apt-suite.sh SUITE source|download ...
set -eu
suite=$1
shift
apt=$(realpath "$(dirname "$0")/..")/build-kokkos/download/apt-$suite
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
mirror=$(apt-get indextargets --format '$(CODENAME) $(REPO_URI)' 'Identifier: Packages' |
  awk '$1 ~ /^(bookworm|trixie)$/ { print $2; exit }')
if [ -z "$mirror" ] || [ ! -f $keyring ]; then
  echo "apt-suite: apt on this machine has no source of Debian packages" >&2
  exit 1
fi
mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$apt/parts"
printf '%s [signed-by='$keyring"] $mirror $suite main\n" deb deb-src >"$apt/sources.list"
private() {
  apt-get -qq -o Dir::Etc::SourceList="$apt/sources.list" -o Dir::Etc::SourceParts="$apt/parts" \
    -o Dir::State::Lists="$apt/lists" -o Dir::State::Status=/dev/null \
    -o Dir::Cache="$apt/cache" -o APT::Sandbox::User=root "$@"
}
private update
private "$@"
