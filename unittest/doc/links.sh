# SPDX-License-Identifier: GPL-2.0-or-later
# sh links.sh SOURCE: pages that are referred to exist, and every page is in the index.
cd "$1/doc" || exit 1
failed=0
for page in *.rst howto/*.rst; do
  folder=$(dirname "$page")
  for target in $(grep -o ':doc:`[^`]*`' "$page" | sed 's/^:doc:`\(.*\)`$/\1/'); do
    [ -f "$folder/$target.rst" ] && continue
    echo "FAILED: $page refers to $target, which is no page"
    failed=1
  done
  [ "$page" = index.rst ] || grep -q "^   ${page%.rst}\$" index.rst || {
    echo "FAILED: $page is not in index.rst"
    failed=1
  }
done
for entry in $(sed -n 's/^   \([a-z].*\)$/\1/p' index.rst); do
  [ -f "$entry.rst" ] || { echo "FAILED: index.rst names $entry, which is no page"; failed=1; }
done
exit $failed
