# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by the tests of the command: sh NAME.sh EIPNN MAKE_SILICON FOLDER
set -u
eipnn=$1
make_silicon=$2
folder=$3
here=$(cd "$(dirname "$0")" && pwd)
rm -rf "$folder"
mkdir -p "$folder"
cd "$folder" || exit 1

fail()
{
  echo "FAILED: $*"
  for stream in out err; do [ -f "$stream" ] && sed "s/^/  $stream: /" "$stream"; done
  exit 1
}

# expect CODE argument...: runs eipnn, checks its exit code; output in files out and err.
expect()
{
  code=$1
  shift
  "$eipnn" "$@" >out 2>err
  got=$?
  [ $got -eq "$code" ] || fail "exit code $got instead of $code: eipnn $*"
}

# says FILE TEXT: the file (out, err, ...) holds the text.
says()
{
  grep -q -F -e "$2" "$1" || fail "\"$2\" is missing in $1"
}

silent()
{
  [ ! -s "$1" ] || fail "$1 should be empty"
}

# number FILE KEY: the first number of a JSON key.
number()
{
  sed -n "s/^ *\"$2\": *\([-+.0-9eE]*\),*$/\1/p" "$1" | head -n 1
}

# holds EXPRESSION: an arithmetic condition, for awk.
holds()
{
  awk "BEGIN { exit !($1) }" || fail "not true: $1"
}

# two_eips: eips.json, a list of two EIPs of silicon.
two_eips()
{
  cat >eips.json <<END
[{"name": "edip", "species": ["Si"], "provider": "kim",
  "model": "EDIP_JustoBazantKaxiras_1998_Si__MO_958932894036_002"},
 {"name": "sw", "species": ["Si"], "provider": "kim",
  "model": "SW_BalamaneHaliciogluTiller_1992_Si__MO_113686039439_004"}]
END
}
