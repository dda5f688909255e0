# SPDX-License-Identifier: GPL-2.0-or-later
# A pool from lattices and from data, near twins removed, splits by group.
. "$(dirname "$0")/common.sh"

"$make_silicon" 12 1 >dft.xyz
expect 0 convert dft.xyz dft.h5
expect 0 perturb dft.h5 copies.h5 --copies 3 --strain 0.02 --rattle 0.05 --seed 7
says out "wrote copies.h5: 36 copies of 12 configurations, without labels"
expect 0 perturb --lattices si lattices.h5 --copies 4
says out "40 copies of 10 configurations"
expect 0 info lattices.h5
says out "40 configurations of 8 to 16 atoms"
expect 0 convert lattices.h5 lattices.xyz
says lattices.xyz 'config_type="perturbed:3:diamond"'
expect 0 perturb dft.h5 big.h5 --copies 1 --supercell 2x1,1
says out "12 copies"
expect 0 info big.h5
says out "of 16 to 16 atoms"
expect 1 perturb dft.h5 none.h5 --max-atoms 4
says err "no copy could be made"
expect 1 perturb dft.h5 none.h5 --min-distance 4
says err "none.h5 is not written"
expect 1 perturb --lattices iron none.h5
says err "si, al, agau"
expect 1 perturb missing.h5 none.h5
expect 2 perturb dft.h5
expect 2 perturb --lattices si dft.h5 none.h5
expect 2 perturb dft.h5 dft.h5
says err "would replace the dataset"
expect 2 perturb dft.h5 none.xyz
for supercell in 2x2 0x1x1 2x2x2x2 axbxc; do
  expect 2 perturb dft.h5 none.h5 --supercell $supercell
  says err "--supercell needs three repeats"
done
[ ! -e none.h5 ] || fail "none.h5 was written"

# The same configurations twice: the labelled ones stay; the pool goes into the pool.
expect 0 perturb dft.h5 same.h5 --copies 1 --strain 0 --rattle 0
expect 0 convert same.h5 dft.h5 lattices.h5 all.h5
expect 1 split all.h5 --name g --group
says err "eipnn dedupe"
expect 0 dedupe all.h5 unique.h5 --twin 1e-6
says out "wrote unique.h5: 52 of 64 configurations, 12 near twins removed"
expect 0 info unique.h5
says out "12 energies"
says out "groups of similar configurations: "
expect 0 info unique.h5 --json
holds "$(number out groups) > 5 && $(number out groups) <= 52"
expect 0 dedupe all.h5 alone.h5 --group 0
says out " 52 groups"
expect 0 split alone.h5 --name g --group --train-count 6 --val-count 3 --test-count 3
says out "6 train, 3 validation, 3 test, 40 pool"
expect 0 convert alone.h5 copy.h5
cmp -s alone.h5 copy.h5 || { expect 0 info copy.h5; says out "groups of similar configurations: 52"; }

# Copies of all but a test set, appended: the split of the same seed is the same, they are its pool.
expect 0 dedupe dft.h5 base.h5 --group 0
expect 0 split base.h5 --name g --group --train-count 6 --val-count 3 --test-count 3 --seed 5
expect 0 perturb base.h5 made.h5 --split g --copies 2
says out "18 copies of 9 configurations"
expect 1 perturb base.h5 none.h5 --split h
says err 'it has: g'
expect 2 perturb --lattices si none.h5 --split g
expect 0 convert base.h5 made.h5 joined.h5
expect 0 split joined.h5 --name h --group --train-count 6 --val-count 3 --test-count 3 --seed 5
says out "6 train, 3 validation, 3 test, 18 pool"
expect 2 dedupe all.h5 all.h5
expect 2 dedupe all.h5 none.xyz
expect 2 dedupe all.h5 none.h5 --twin -1
expect 1 dedupe missing.h5 none.h5
[ ! -e none.h5 ] || fail "none.h5 was written"
