# SPDX-License-Identifier: GPL-2.0-or-later
# From XYZ to a tested model: DFT only, checked against its own predictions and forces.
. "$(dirname "$0")/common.sh"

small="--hidden 16 --layers 2 --radial 16 --cutoff 5"
"$make_silicon" 60 1 >si.xyz
expect 0 convert si.xyz si.h5
expect 0 split si.h5 --name a --train 0.6 --val 0.2 --test 0.2
expect 0 train si.h5 --split a --network schnet $small --steps 300 --batch 8 --lr 5e-3 \
  --log dft.csv --out dft.h5
says out "wrote dft.h5: best validation"
says err "step 300/300"
[ ! -e dft.checkpoint.h5 ] || fail "the checkpoint of a finished run is still there"
head -n 1 dft.csv | grep -q '^step,epoch,lr,loss,validation_mae,validation_atom_mae,sigma,labels_used$' ||
  fail "header of the learning curve"
tail -n 1 dft.csv | grep -q '^300,' || fail "the learning curve does not end at step 300"

expect 0 test dft.h5 si.h5 --split a --json --predictions pred.csv --forces-out forces.xyz
cp out test.json
mae=$(number test.json config_mae)
holds "$mae > 0 && $mae < 0.5"
# The mean absolute error of the predictions' file is the one that was printed.
awk -F, -v mae="$mae" 'NR > 1 { d = $5 - $4; sum += d < 0 ? -d : d; n++ }
  END { d = sum / n - mae; exit !(n == 12 && d * d < 1e-12 * mae * mae + 1e-14) }' pred.csv ||
  fail "predictions and config_mae disagree"
# The predicted energies in the XYZ file are those of the CSV file.
sed -n 's/.*[ "]energy="*\([-+0-9.eE]*\).*/\1/p' forces.xyz >xyz.txt
awk -F, 'NR > 1 { print $5 }' pred.csv | paste - xyz.txt |
  awk '{ d = $1 - $2; if (d * d > 1e-8) bad++; n++ } END { exit !(n == 12 && !bad) }' ||
  fail "energies of --forces-out and --predictions disagree"
grep -q 'forces:R:3' forces.xyz || fail "no forces in --forces-out"

expect 0 test dft.h5 si.h5 --split a --role validation
says out "12 configurations, 96 atoms (validation of split a)"
says out "forces: MAE"
expect 0 test dft.h5 si.h5
says out "60 configurations"
expect 0 info dft.h5
says out "network: schnet, cutoff 5 Angstrom"
says out "method                     none"
says out "dataset_hash"
expect 0 info dft.h5 --json
says out '"hidden": 16'
says out '"kind": "model"'

# Options from a file give the same model as from the command line.
printf '{"split": "a", "hidden": 16, "layers": 2, "radial": 16, "cutoff": 5.0, "steps": 300,
  "batch": 8, "lr": 5e-3, "out": "file.h5"}' >input.json
expect 0 train si.h5 --input input.json
expect 0 test file.h5 si.h5 --split a --json
[ "$(number out config_mae)" = "$mae" ] || fail "the input file gives another model"

# Forces in the loss.
expect 0 train si.h5 --split a $small --steps 60 --batch 8 --force-weight 1 --out force.h5 --json
says out '"best_step"'
expect 0 info force.h5

# Weights on labels that are not there, an element that the model does not know.
printf '1\nLattice="4 0 0 0 4 0 0 0 4" energy=-3\nAl 0 0 0\n%.0s' 1 2 3 4 5 >al.xyz
expect 0 convert al.xyz al.h5
expect 0 split al.h5 --name a
expect 2 train al.h5 --split a $small --steps 5 --force-weight 1 --out none.h5
says err "--force-weight: al.h5 has no DFT forces"
expect 2 train al.h5 --split a $small --steps 5 --virial-weight 1 --out none.h5
says err "--virial-weight: al.h5 has no DFT virials"
expect 1 test dft.h5 al.h5
says err 'lists its species'
expect 1 train al.h5 --split a --method mp --pretrained dft.h5 --steps 5 --out none.h5
says err 'holds Al (atomic number 13)'
