#!/usr/bin/env bash
# Builds the release files of the current commit in dist: a tarball and a Debian package, each with a program that contains
# Swift's libraries. The same commit gives the same bytes in any folder, with the same compiler and libraries.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() {
  echo "dist: $1" >&2
  exit 1
}

[[ $(uname -s) == Linux ]] || fail "the release files can be built only on Linux"
commit=$(git rev-parse HEAD) || fail "the release files can be built only in a git repository"
[[ -z $(git status --porcelain) ]] || echo "Dist: uncommitted changes are left out"
umask 022
export LC_ALL=C TZ=UTC SOURCE_DATE_EPOCH
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
dist=$PWD/dist
mkdir -p "$dist"

# Even if paths are mapped, the compiler puts hashes and lengths of them into the program. Therefore the commit is built in a folder
# that is the same for everybody.
source=/tmp/graft-$commit
mkdir -m 700 "$source" || fail "another build is running, or was killed; in the second case, remove $source"
trap 'rm -rf "$source"' EXIT
git archive HEAD | tar --extract --directory "$source"
cd "$source"
work=$source/.dist
mkdir "$work"

# oneDNN is left out, so that the program does not depend on whether it is installed here.
echo "Dist: building the program"
cp Scripts/package/versions.json Package.resolved
swift build -c release --product graft --static-swift-stdlib --disable-local-rpath --force-resolved-versions \
  -debug-info-format none -Xswiftc -file-prefix-map -Xswiftc "$source=." -Xcc "-ffile-prefix-map=$source=."
program=$work/program
strip --strip-all --remove-section=.comment --remove-section=.note.gnu.build-id -o "$program" .build/release/graft

version=$("$program" --version | cut -d' ' -f1)
machine=$(uname -m)
name=graft-$version-linux-$machine

# Gives all files below a folder the time of the commit.
settle() {
  find "$1" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
}

tarball() {
  local root=$work/$name
  Scripts/install.sh "$program" "$root" >/dev/null
  install -m 644 README.md LICENSE CHANGELOG.md THIRD-PARTY.txt Scripts/package/INSTALL "$root"
  settle "$root"
  tar --create --directory "$work" --sort=name --owner=0 --group=0 --numeric-owner --format=gnu "$name" |
    gzip -n -9 >"$work/tarball"
  mv "$work/tarball" "$dist/$name.tar.gz"
  echo "Dist: dist/$name.tar.gz, $(stat -c %s "$dist/$name.tar.gz") bytes"
}

debian_package() {
  local root=$work/root architecture file doc
  architecture=$(dpkg --print-architecture)
  doc=$root/usr/share/doc/graft
  ZSH_FUNCTIONS=share/zsh/vendor-completions Scripts/install.sh "$program" "$root/usr" >/dev/null
  gzip -n -9 "$root/usr/share/man/man1/graft.1"
  install -d -m 755 "$doc" "$root/DEBIAN"
  cat Scripts/package/copyright THIRD-PARTY.txt >"$doc/copyright"
  gzip -n -9 <CHANGELOG.md >"$doc/changelog.gz"
  (cd "$root" && find usr -type f | sort | xargs md5sum >DEBIAN/md5sums)

  # dpkg-shlibdeps finds the packages, and their oldest versions, that provide the libraries the program needs. It expects a
  # source package.
  mkdir -p "$work/source/debian"
  printf 'Source: graft\n\nPackage: graft\nArchitecture: any\n' >"$work/source/debian/control"
  (cd "$work/source" && dpkg-shlibdeps -O "$root/usr/bin/graft") >"$work/depends"
  sed -e "s/@VERSION@/$version/" -e "s/@ARCHITECTURE@/$architecture/" \
    -e "s/@SIZE@/$(find "$root/usr" -type f -printf '%s\n' | awk '{ size += int(($1 + 1023) / 1024) } END { print size }')/" \
    -e "s/@DEPENDS@/$(sed -n 's/^shlibs:Depends=//p' "$work/depends")/" Scripts/package/control >"$root/DEBIAN/control"
  settle "$root"
  file=graft_${version}_$architecture.deb
  DPKG_DEB_THREADS_MAX=1 dpkg-deb --root-owner-group -Zxz --build "$root" "$work/package.deb" >/dev/null
  mv "$work/package.deb" "$dist/$file"
  echo "Dist: dist/$file, $(stat -c %s "$dist/$file") bytes"
}

tarball
if command -v dpkg-shlibdeps >/dev/null; then
  debian_package
else
  echo "Dist: no Debian package, because there is no dpkg-shlibdeps"
fi
echo "Dist: the program has $(stat -c %s "$program") bytes"
(cd "$dist" && sha256sum graft[-_]"$version"[-_]* | tee SHA256SUMS)
