# SPDX-License-Identifier: GPL-2.0-or-later
# Formats, appending, what info says, splits.
. "$(dirname "$0")/common.sh"

"$make_silicon" 12 1 >one.xyz
"$make_silicon" 8 2 >two.xyz
gzip -k two.xyz
expect 0 convert one.xyz two.xyz.gz all.h5
says out "one.xyz: 12 configurations"
says out "wrote all.h5: 20 configurations, 160 atoms, 20 with DFT energies"
expect 0 info all.h5
says out "20 configurations of 8 to 8 atoms, 160 atoms in all"
says out "Si 160 atoms, reference energy not set"
says out "20 energies from"
says out "20 with forces"
expect 0 info all.h5 --json
[ "$(number out configurations)" = 20 ] || fail "configurations"
[ "$(number out forces)" = 20 ] || fail "forces"

# Energies under another key are no energies, which is said; XYZ is no dataset.
sed 's/[ ]energy=/ free_energy=/' one.xyz >other.xyz
expect 0 convert other.xyz other.h5
says out "0 with DFT energies"
says err 'other.xyz: no configuration has a DFT energy; if it should have, its key must be "energy"'
expect 0 convert one.xyz other.h5
silent err
expect 1 dedupe one.xyz other.h5
says err 'one.xyz is not an HDF5 file, or its beginning is damaged; `eipnn convert` makes'

# There and back: the same energies to all digits that the first file had.
expect 0 convert all.h5 back.xyz
expect 0 convert back.xyz back.h5
energies() { sed -n 's/.*[ "]energy="*\([-+0-9.eE]*\).*/\1/p' "$1"; }
energies back.xyz >back.txt
{ energies one.xyz; energies two.xyz; } >forth.txt
paste forth.txt back.txt | awk '{ d = $1 - $2; if (d * d > 1e-18) bad++; n++ }
  END { exit !(n == 20 && !bad) }' || fail "energies changed on the way"
expect 0 convert all.h5 all.xyz.gz
gzip -dc all.xyz.gz | cmp -s - back.xyz || fail "the compressed file differs"

cat >md.dump <<END
ITEM: TIMESTEP
0
ITEM: NUMBER OF ATOMS
2
ITEM: BOX BOUNDS pp pp pp
0 5
0 5
0 5
ITEM: ATOMS id type x y z
1 1 0 0 0
2 2 2 2 2
END
expect 0 convert md.dump pool.h5 --elements Si,C
expect 0 info pool.h5
says out "C  1 atoms"
expect 1 convert md.dump pool.h5

expect 0 split all.h5 --name a --train-count 10 --val-count 4 --test-count 5 --seed 7
says out '10 train, 4 validation, 5 test, 0 pool, 1 unused'
expect 0 split all.h5 --name a --train-count 10 --val-count 4 --test-count 5 --rest pool
says out '(replaced): 10 train, 4 validation, 5 test, 1 pool, 0 unused'
expect 0 split all.h5 --name b --train 0.64 --val 0.16 --test 0.2 --unlabelled 0.5
says out '10 pool'
expect 0 info all.h5
says out "10 train, 4 validation, 5 test, 1 pool, 0 unused"
expect 1 split all.h5 --name c --train-count 30
cp all.h5 before.h5
expect 0 convert all.h5 copy.h5
expect 0 info copy.h5
says out "10 train, 4 validation, 5 test, 1 pool, 0 unused"

expect 0 label all.h5 --reference Si=-0.835
says out "reference energy Si: -0.8350 eV/atom"
expect 0 info all.h5
says out "reference energy -0.8350 eV/atom"

# Energies from different zeros are remarked upon, others are not.
expect 0 convert one.xyz two.xyz.gz all.h5
silent err
sed 's/energy=-*[0-9.eE+-]*/energy=-1000.0/' two.xyz >shifted.xyz
expect 0 convert one.xyz shifted.xyz mixed.h5
says err "the lowest energy of Si is"
says err "in shifted.xyz: do both count from the same zero"
cat one.xyz shifted.xyz >mixed.xyz
expect 0 convert mixed.xyz mixed.h5
says err "the energies of Si fall into two populations, 8 up to -125.000"
