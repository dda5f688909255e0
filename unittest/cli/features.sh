# SPDX-License-Identifier: GPL-2.0-or-later
# Mean features per configuration as a table.
. "$(dirname "$0")/common.sh"

small="--hidden 8 --layers 1 --radial 8 --cutoff 4"
"$make_silicon" 20 1 >si.xyz
expect 0 convert si.xyz si.h5
expect 0 split si.h5 --name a --train 0.5 --val 0.2 --test 0.2
expect 0 train si.h5 --split a $small --steps 5 --batch 4 --out m.h5
expect 0 features m.h5 si.h5 --out all.csv
says out "wrote all.csv: 20 configurations, 8 features"
[ "$(head -n 1 all.csv)" = "index,tag,atoms,dft_per_atom,f0,f1,f2,f3,f4,f5,f6,f7" ] ||
  fail "header of the features"
[ "$(wc -l <all.csv)" -eq 21 ] || fail "20 rows and a header expected"
grep -qi -e nan -e inf all.csv && fail "features that are not finite"
expect 0 features m.h5 si.h5 --split a --role test --out test.csv
[ "$(wc -l <test.csv)" -eq 5 ] || fail "4 rows and a header expected"
# A part of the data has the features it has in the whole.
awk -F, 'NR == FNR { row[$1] = $0; next } FNR > 1 && $0 != row[$1] {
  n = split(row[$1], a, ","); for (k = 5; k <= n; k++) { d = a[k] - $k; if (d * d > 1e-10) bad = 1 } }
  END { exit bad }' all.csv test.csv || fail "features depend on what else is asked for"

expect 2 features m.h5 si.h5
says err "--out FILE.csv is required"
expect 2 features m.h5 si.h5 --out f.csv --role test
says err "give --split S too"
expect 2 features m.h5 si.h5 --out m.h5
says err "the model"
expect 1 features m.h5 si.h5 --out f.csv --split b
says err "a"
expect 1 features m.h5 si.h5 --out f.csv --split a --role pool
says err "no configuration of role pool in the split"
expect 1 features si.h5 si.h5 --out f.csv
says err "not 'eipnn-model'"
[ ! -e f.csv ] || fail "a failed run left a table"
