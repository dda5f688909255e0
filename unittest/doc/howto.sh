# SPDX-License-Identifier: GPL-2.0-or-later
# sh howto.sh EIPNN MAKE_SILICON SOURCE FOLDER KOKKOS LMP PLUGIN PAGE...: runs the command lines of the
# how-to pages, in order, on a tiny dataset. Code blocks of "sh" are run, those with a caption are written
# to the file it names. Only sizes are made smaller; a page starts with what the pages before it left.
# KOKKOS other than ON: a build without it, where backend kokkos is cpu. LMP "": LAMMPS has no KOKKOS and
# does not run.
set -u
eipnn=$1
make_silicon=$2
source=$3
folder=$4
kokkos=$5
lmp=$6
plugin=$7
shift 7
rm -rf "$folder"
mkdir -p "$folder/bin"
cd "$folder" || exit 1
ln -s "$source/potentials" potentials
ln -s "$source/examples" examples
mkdir tools data
printf '#!/bin/sh\n"%s" 44 1 >data/si_random_crystals.xyz\n' "$make_silicon" >tools/get-data.sh
# mpiexec -n P PROGRAM ...: on one rank, as in a build without MPI
printf '#!/bin/sh\nshift 2\nexec "$@"\n' >bin/mpiexec
# a small network where the line starts from none
cat >bin/eipnn <<END
#!/bin/sh
case "\$1 \$*" in
  *--pretrained*|*--input*) ;;
  train*|pretrain*) set -- "\$@" --hidden 8 --layers 1 --radial 8 ;;
esac
exec "$eipnn" "\$@"
END
# lmp -k on g 1 -sf kk -in FILE ...: on one thread, a few steps
cat >bin/lmp <<END
#!/bin/sh
[ -f "\$8" ] || exit 1
[ -n "$lmp" ] || exit 0
printf 'plugin load $plugin\ninclude %s\n' "\$8" >in.lmp
shift 8
exec "$lmp" -k on t 1 -sf kk -in in.lmp -var equilibrate 2 -var produce 2 "\$@"
END
chmod +x bin/mpiexec bin/eipnn bin/lmp tools/get-data.sh
PATH=$folder/bin:$PATH
export PATH

"$make_silicon" 44 1 | gzip >dft.xyz.gz
"$make_silicon" 8 2 >more.xyz

# The blocks of a page: files at once, commands to standard output.
blocks()
{
  awk '
    /^\.\. code-block:: / { language = $3; file = ""; inside = 1; next }
    inside && /^   :caption: / { file = $2; printf "" >file; next }
    inside && /^   / && file { print substr($0, 4) >file; next }
    inside && /^   / { if (language == "sh") print substr($0, 4); next }
    inside && /^$/ { next }
    { inside = 0 }' "$1"
}

# Needs gnuplot for pictures, as the program does.
if command -v gnuplot >found; then without="^$"; else without="eipnn plot"; fi
if [ "$kokkos" = ON ]; then backend=kokkos; else backend=cpu; fi
smaller()
{
  sed -e 's/steps [0-9][0-9]*/steps 4/g' -e 's/--copies [0-9][0-9]*/--copies 2/' \
    -e 's/--train-count [0-9][0-9]*/--train-count 24/' -e 's/--val-count [0-9][0-9]*/--val-count 8/' \
    -e 's/--test-count [0-9][0-9]*/--test-count 8/' -e 's/--energy-max -4/--energy-max 0/' \
    -e 's/in 100 400 1600/in 16 32/' -e "s/--backend kokkos/--backend $backend/" -e "/$without/d"
}

for page in "$@"; do
  blocks "$source/doc/howto/$page.rst" | smaller >"$page.sh"
  [ -s "$page.sh" ] || { echo "FAILED: $page.rst holds no commands"; exit 1; }
  sh -e -x "$page.sh" >"$page.log" 2>&1 && continue
  tail -n 20 "$page.log"
  echo "FAILED: a command line of doc/howto/$page.rst, see above"
  exit 1
done
