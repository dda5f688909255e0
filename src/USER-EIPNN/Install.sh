#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copies the styles into a LAMMPS source tree (or removes them), where LAMMPS' own build finds them.
#   sh Install.sh LAMMPS/src            copy or update
#   sh Install.sh LAMMPS/src remove     take out again
set -eu
here=$(cd "$(dirname "$0")" && pwd)
if [ $# -lt 1 ] || [ ! -e "$1/lammps.h" ]; then
  echo "usage: sh Install.sh LAMMPS/src [remove]" >&2
  exit 2
fi
for name in pair_eipnn eipnn_ensemble eipnn_atom_map eipnn_atomic_mass eipnn_delta eipnn_lammps_compat; do
  for file in "$here/$name.h" "$here/$name.cpp"; do
    [ -e "$file" ] || continue
    target=$1/$(basename "$file")
    if [ "${2:-copy}" = remove ]; then
      rm -f "$target"
    elif ! cmp -s "$file" "$target"; then
      cp "$file" "$target"
    fi
  done
done
