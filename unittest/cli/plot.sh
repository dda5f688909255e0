# SPDX-License-Identifier: GPL-2.0-or-later
# Pictures, where gnuplot is installed; the script with the data where it is not.
. "$(dirname "$0")/common.sh"

cat >a.csv <<END
step,epoch,lr,loss,validation_mae,validation_atom_mae
10,1,1e-3,1.0,0.5,0.05
20,2,1e-3,0.5,0.25,0.025
30,3,1e-3,0.4,nan,nan
END
cat >pred.csv <<END
index,tag,atoms,dft,predicted,dft_per_atom,predicted_per_atom
0,it's,2,-8,-8.2,-4,-4.1
1,b,2,-9,-9,-4.5,-4.5
END
cat >log.lammps <<END
LAMMPS (22 Jul 2025)
Step Time Temp PotEng TotEng
0 0 300 -100 -98
WARNING: in between
10 0.01 299 -100.1 -98.1
Loop time of 1 on 1 procs for 10 steps with 20 atoms
Step Time Temp PotEng TotEng
10 0.01 299 -100.1 -98.1
20 0.02 298 -100.2 -98.2
Loop time of 1 on 1 procs for 10 steps with 20 atoms
END

# Without gnuplot on the search path: an error that says what to install, data kept.
for kind in "curves a.csv" "parity pred.csv" "md log.lammps"; do
  PATH=/nonexistent "$eipnn" plot $kind --out "$folder/no.svg" >out 2>err
  [ $? -eq 1 ] || fail "exit code without gnuplot"
  says err "gnuplot-nox"
  [ -s no.svg.gnuplot ] || fail "no script"
done
says no.svg.gnuplot "0 -4.9 -5 300 0"
PATH=/nonexistent "$eipnn" plot md log.lammps --run -1 --out "$folder/no.svg" >out 2>err
says no.svg.gnuplot "0.02 -4.91 -5.01 298 -5"
grep -q -F "0 -4.9 -5 300" no.svg.gnuplot && fail "--run -1 draws the first run"

expect 1 plot md a.csv --out x.svg
says err "no thermodynamic output"
expect 1 plot md log.lammps --run 3 --out x.svg
says err "no run 3"
expect 1 plot curves pred.csv --out x.svg
says err 'no column "step"; its columns are: index, tag'
expect 1 plot parity a.csv --out x.svg
says err 'no column "dft_per_atom"'
expect 1 plot curves missing.csv --out x.svg
says err missing.csv
printf 'step,loss\n1\n' >short.csv
expect 1 plot curves short.csv --out x.svg
says err "short.csv:2"
: >empty.csv
expect 1 plot curves empty.csv --out x.svg
says err "empty.csv is empty"
expect 1 plot curves a.csv --out x.pdf
says err "end in .svg or .png"
[ ! -e x.svg.gnuplot ] || fail "a script is left of a plot that failed"

command -v gnuplot >/dev/null || exit 0
expect 0 plot curves a.csv a.csv --labels "one,it's two" --out curves.svg
silent err
says curves.svg "two"
[ ! -e curves.svg.gnuplot ] || fail "the script is left"
expect 0 plot curves a.csv --quantity atom-mae --title "a_b" --out curves.png --keep
[ -s curves.png ] && [ -s curves.png.gnuplot ] || fail "--keep"
expect 0 plot parity pred.csv --out parity.svg
says parity.svg "MAE 50.0 meV/atom"
expect 0 plot md log.lammps --out md.svg
says md.svg "energy (eV/atom)"
says md.svg "change in last run (meV/atom)"
silent err
