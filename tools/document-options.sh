#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Prints the page of all options out of the help texts:
#   tools/document-options.sh build/bin/eipnn >doc/options.rst
set -eu
eipnn=$1

cat <<'HEAD'
All options
===========

The help texts of all commands, as ``eipnn COMMAND --help`` prints them; defaults are in brackets. What the
commands do stands in :doc:`commands`. This page is made by ``tools/document-options.sh``, and a test compares it
with the program.
HEAD
for command in $("$eipnn" --help | sed -n 's/^  \([a-z]*\)  *.*/\1/p'); do
  printf '\n%s\n%s\n\n::\n\n' "$command" "$(echo "$command" | sed 's/./-/g')"
  "$eipnn" "$command" --help | sed 's/^\(.\)/    \1/'
done
