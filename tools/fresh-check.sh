#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Both commands of the README on a fresh Debian 12: a debootstrap folder with nothing but the base
# system, and a clone of HEAD. Needs root and debootstrap; takes mirror, proxies and certificates
# from this machine's configuration.
#   tools/fresh-check.sh [FOLDER]        the folder is made, and removed after success
set -eu
cd "$(dirname "$0")/.."
folder=${1:-$(mktemp -d)}
inside=/opt/eipnn

mirror=$(apt-get indextargets --format '$(CODENAME) $(REPO_URI)' 'Identifier: Packages' |
  awk '$1 == "bookworm" { print $2; exit }')
if [ -z "$mirror" ]; then
  echo "fresh-check: apt on this machine has no source of bookworm" >&2
  exit 1
fi

# The machine's way to the network: sources, proxies, name resolution, certificates.
copy_network() {
  rm -rf "$folder/etc/apt/sources.list" "$folder/etc/apt/sources.list.d"
  for path in /etc/apt/sources.list /etc/apt/sources.list.d /etc/apt/apt.conf.d \
    /etc/apt/keyrings /usr/local/share/ca-certificates /etc/resolv.conf /etc/hosts /etc/pip.conf; do
    if [ -e $path ]; then
      mkdir -p "$folder$(dirname $path)"
      cp -rL $path "$folder$(dirname $path)/"
    fi
  done
  rm -f "$folder"/etc/apt/apt.conf.d/*packagekit* "$folder"/etc/apt/apt.conf.d/docker-*
  cp /etc/ssl/certs/ca-certificates.crt "$folder/opt/certificates.crt"
}

unmount() {
  for place in dev/shm dev/pts dev sys proc; do
    if mountpoint -q "$folder/$place"; then umount "$folder/$place"; fi
  done
}
trap unmount EXIT

echo "fresh-check: debootstrap into $folder"
debootstrap --variant=minbase bookworm "$folder" "$mirror" >"$folder.log" 2>&1
copy_network
git clone -q . "$folder$inside"
mount --bind /proc "$folder/proc"
mount --bind /sys "$folder/sys"
mount --bind /dev "$folder/dev"
mount --bind /dev/pts "$folder/dev/pts"
mount -t tmpfs tmpfs "$folder/dev/shm"

for command in tools/quickstart.sh tools/test.sh; do
  echo "fresh-check: $command"
  begin=$(date +%s)
  env -i HOME=/opt LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin TERM=dumb \
    PIP_CERT=/opt/certificates.crt SSL_CERT_FILE=/opt/certificates.crt \
    chroot "$folder" "$inside/$command"
  echo "fresh-check: $command took $(($(date +%s) - begin)) s"
done
unmount
trap - EXIT
rm -rf "$folder" "$folder.log"
echo "fresh-check: both commands passed"
