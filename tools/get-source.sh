#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Sources of Kokkos and LAMMPS; prints the folder, build-kokkos/NAME-VERSION.
#   tools/get-source.sh kokkos 3.4.01|4.5.01
#   tools/get-source.sh lammps 29Sep2021|4Feb2025
# Kokkos comes from packages of PyPI that bring it along, LAMMPS (80 or 132 MB) from Debian's source
# packages, which leave Kokkos out: 3.4.01 belongs to 29Sep2021, 4.5.01 to 4Feb2025. The system's apt
# configuration stays as it is.
set -eu
cd "$(dirname "$0")/.."

fail() {
  echo "get-source: $*" >&2
  exit 1
}

wanted=${1:-}-${2:-}
case $wanted in
  kokkos-3.4.01)
    package=pykokkos-base==0.0.7 inside=external/kokkos
    sha256=6339daced1e81a2748f381847d8717cd77d824407da3c263b9491b5630c642b0
    ;;
  kokkos-4.5.01)
    package=pycompadre==1.7.6 inside=kokkos
    sha256=c766ec4d445ce076069be4b8c51a23ffac4ee79ea949ca86446bfd8c299b154c
    ;;
  lammps-29Sep2021)
    suite=bookworm inside=''
    sha256=65146c615ad24d8b8bc64f4e05e86226a7f1fdb45c0b5ea9416562b9f3863082
    ;;
  lammps-4Feb2025)
    suite=trixie inside=''
    sha256=3671165bd52fad36734e0a9136c5bc5ecb225e03988f8c89aa13366a8b53b1c7
    ;;
  *)
    echo "usage: tools/get-source.sh kokkos 3.4.01|4.5.01 or lammps 29Sep2021|4Feb2025" >&2
    exit 2
    ;;
esac
folder=$PWD/build-kokkos/$wanted
work=$PWD/build-kokkos/download/$wanted
if [ -d "$folder" ]; then # complete as soon as it has this name
  echo "$folder"
  exit 0
fi

# The archive of a PyPI package into $work. pip asks a source package for its metadata, which wants the
# package's build tools; without isolation those are the few that metadata needs.
download_kokkos() {
  pip=$PWD/build-kokkos/download/venv/bin/pip
  python3 -m venv build-kokkos/download/venv
  "$pip" install -q --disable-pip-version-check wheel setuptools setuptools_scm scikit-build cmake
  "$pip" download -q --disable-pip-version-check --no-deps --no-binary :all: \
    --no-build-isolation -d "$work" "$package"
}

# The archive of Debian's source package into $work.
download_lammps() {
  (cd "$work" && ../../../tools/apt-suite.sh "$suite" source --tar-only --download-only lammps) ||
    fail "LAMMPS $2 cannot be had; put its sources into $folder"
}

rm -rf "$work"
mkdir -p "$work/unpacked"
"download_$1" "$@" >&2
archive=$(find "$work" -maxdepth 1 -name '*.tar.?z')
echo "$sha256  $archive" | sha256sum --check --quiet >&2 || fail "$archive is not the file expected"
tar xf "$archive" -C "$work/unpacked" --strip-components=1 \
  --exclude='*/doc/src' --exclude='*/examples/*' --exclude='*/bench/*'
mv "$work/unpacked/$inside" "$folder"
rm -rf "$work"
echo "$folder"
