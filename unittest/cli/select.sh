# SPDX-License-Identifier: GPL-2.0-or-later
# eipnn select: what it prints is what its table holds.
. "$(dirname "$0")/common.sh"

two_eips
"$make_silicon" 120 1 >si.xyz
expect 0 convert si.xyz si.h5
expect 0 split si.h5 --name a --train 0.3 --val 0.2 --test 0.2 --rest pool
expect 0 label si.h5 --eips eips.json --align
expect 0 train si.h5 --split a --method la --hidden 16 --layers 2 --radial 16 --cutoff 5 --batch 8 \
  --steps 5 --classifier-steps 200 --error-limit 0.1 --out la.h5

cp si.h5 before.h5
expect 0 select la.classifier.h5 si.h5 --split a --error-limit 0.15 --json --csv pool.csv
says err "the classifier was trained with --error-limit 0.1"
cmp -s si.h5 before.h5 || fail "the dataset was changed"
cp out pool.json
[ "$(number pool.json configurations)" = 36 ] || fail "not the pool of 36"
header=index,tag,natoms,dft,class,probability,label,error,best,error_edip,error_sw
[ "$(head -n 1 pool.csv)" = $header ] || fail "header of the table"
# agree TABLE SUMMARY: accuracy, labels and outliers out of the rows are those of the summary.
agree()
{
  awk -F, -v limit="$3" 'function size(x) { return x < 0 ? -x : x }
    NR > 1 {
      n++
      true_class = size($10) < size($11) ? "edip" : "sw"
      least = size($10) < size($11) ? size($10) : size($11)
      if (least > limit) true_class = "none"
      right += $5 == true_class
      best += least
      if ($7 == "") next
      chosen++
      mae += size($8)
      over += size($8) > 0.1
      if (size($8 - ($7 - $4) / $3) > 1e-7) bad++
      if (size(size($9 - $4) / $3 - least) > 1e-7) bad++
      if ($6 < 0.33 || $6 > 1) bad++
    }
    END { print n, right / n, best / n, chosen + 0, chosen ? mae / chosen : 0, over + 0, bad + 0 }
  ' "$1" >rows
  read -r n accuracy best chosen mae over bad <rows
  [ "$bad" -eq 0 ] || fail "$bad rows disagree with themselves"
  [ "$n" -eq 36 ] || fail "$n rows"
  [ "$chosen" = "$(number "$2" labelled)" ] || fail "number of labels"
  [ "$over" = "$(number "$2" outliers_0.1)" ] || fail "number of outliers"
  holds "($accuracy - $(number "$2" accuracy))^2 < 1e-10"
  holds "($best - $(number "$2" best_mae))^2 < 1e-12"
  [ "$chosen" -eq 0 ] || holds "($mae - $(number "$2" label_mae))^2 < 1e-12"
}

agree pool.csv pool.json 0.15
# That classifier finds no EIP right; of calibrated ones some are. Their errors exceed 0.1 eV per
# configuration, seldom per atom.
expect 0 train si.h5 --split a --method la --hidden 16 --layers 2 --radial 16 --cutoff 5 --batch 8 \
  --steps 5 --classifier-steps 200 --error-limit 0.1 --calibrate affine --out near.h5
expect 0 select near.classifier.h5 si.h5 --split a --json --csv near.csv
cp out near.json
agree near.csv near.json 0.1
[ "$chosen" -gt 0 ] || fail "no label was chosen"

expect 0 select la.classifier.h5 si.h5 --split a --role test
says out "24 configurations, labels chosen for"
says out "class right"
expect 0 select la.classifier.h5 si.h5 --split a --confidence 1 --calibrate affine
says out "36 configurations, labels chosen for 0"
sed 's/energy=[^ ]*//; s/forces:R:3//' si.xyz | awk 'NF == 7 { print $1, $2, $3, $4; next } 1' \
  >bare.xyz
expect 0 convert bare.xyz bare.h5
expect 0 split bare.h5 --name a --rest pool
expect 0 label bare.h5 --eips eips.json --reference Si=3
expect 0 select la.classifier.h5 bare.h5 --split a --csv bare.csv
grep -q "against DFT" out && fail "errors without DFT energies"
[ "$(sed -n 2p bare.csv | cut -d, -f4)" = "" ] || fail "a DFT energy in the table"

expect 2 select la.classifier.h5 si.h5
says err "--split S is required"
expect 2 select la.classifier.h5 si.h5 --split a --csv si.h5
says err "--csv si.h5 would replace the dataset"
expect 1 select la.h5 si.h5 --split a
says err "la.h5 is no classifier"
expect 0 convert si.xyz plain.h5
expect 0 split plain.h5 --name a
expect 1 select la.classifier.h5 plain.h5 --split a
says err 'plain.h5 has no labels of the EIP "edip"'
expect 1 select la.classifier.h5 si.h5 --split b
says err 'no split "b"'

command -v gnuplot >/dev/null || exit 0
expect 0 select la.classifier.h5 si.h5 --split a --error-limit 1 --csv pool.csv
expect 0 plot labels pool.csv --out labels.svg
says labels.svg "edip (MAE "
expect 1 plot labels bare.csv --out bare.svg
says err "holds no label with a DFT energy"
