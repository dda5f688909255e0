# SPDX-License-Identifier: GPL-2.0-or-later
# Lists of installed EIPs; models that crash, end the process or hang are left out and named.
. "$(dirname "$0")/common.sh"

expect 2 eips
says err "--species Si[,Ag,...] is required"
expect 2 eips --species Si,Sj
says err '"Sj" is not a chemical symbol'
expect 2 eips --species Si,Si
says err "Si is given twice"
expect 2 eips --species ""
says err "--species needs a value"

KIM_API_PORTABLE_MODELS_DIR=$folder/../broken_models
export KIM_API_PORTABLE_MODELS_DIR
expect 0 eips --species Ag,Au --timeout 3 --out alloy.json
silent out
says err "left out: Crash__MO_000000000001_000: it crashes: "
says err "left out: Exit__MO_000000000002_000: it ends the process (exit code 3)"
says err "left out: Hang__MO_000000000003_000: it hangs: no result within 3 seconds"
says alloy.json '"species": ["Ag", "Au"], "provider": "kim"'
says alloy.json "ZhouJohnsonWadley_2004NISTretabulation_CuAgAu__MO_318213562153_000"
for name in Crash Exit Hang EDIP; do
  grep -q "$name" alloy.json && fail "$name is in the list"
done

cat >alloy.xyz <<END
2
Lattice="0 2.04 2.04 2.04 0 2.04 4.08 4.08 0" Properties=species:S:1:pos:R:3
Ag 0 0 0
Au 2.04 2.04 0
END
expect 0 convert alloy.xyz alloy.h5
expect 0 label alloy.h5 --eips alloy.json
[ ! -e kim.log ] || fail "KIM wrote its log into the user's folder"
[ "$(grep -c ' 1          0' out)" -eq "$(grep -c name alloy.json)" ] || fail "labels are missing"
