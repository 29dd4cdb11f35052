#!/bin/sh
# usage: package.sh BUILD_DIRECTORY
# Makes the Debian package and compares what it holds and asks for with what it should.
set -eu
build="$1"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cpack --config "$build/CPackConfig.cmake" -G DEB -B "$work" >"$work/log" 2>&1 ||
  { cat "$work/log"; exit 1; }
package="$(ls "$work"/luamig_*.deb)"
status=0

dpkg-deb -c "$package" | awk '$NF !~ /\/$/ { print $6 }' | sort >"$work/all"
grep -v '^\./usr/share/doc/luamig/' "$work/all" >"$work/files"
cat >"$work/expected" <<'END'
./usr/bin/luamig
./usr/share/bash-completion/completions/luamig
./usr/share/fish/vendor_completions.d/luamig.fish
./usr/share/zsh/vendor-completions/_luamig
END
diff -u "$work/expected" "$work/files" || status=1

for document in copyright CHANGELOG.md; do
  grep -q "^\./usr/share/doc/luamig/$document\$" "$work/all" ||
    { echo "no $document in the package"; status=1; }
done

dpkg-deb -x "$package" "$work/root"
"$work/root/usr/bin/luamig" --version || status=1
for completion in bash-completion/completions/luamig zsh/vendor-completions/_luamig \
                  fish/vendor_completions.d/luamig.fish; do
  grep -q upgrade "$work/root/usr/share/$completion" ||
    { echo "$completion knows no upgrade"; status=1; }
done

depends="$(dpkg-deb -f "$package" Depends)"
echo "Depends: $depends"
echo "$depends" | grep -q libsqlite3-0 || { echo "the package does not ask for SQLite"; status=1; }
case "$depends" in *libpq5*) echo "the program is linked to libpq"; status=1 ;; esac
for library in libpq5 libpg-query; do
  dpkg-deb -f "$package" Recommends | grep -q "$library" ||
    { echo "the package does not recommend $library"; status=1; }
done
exit $status
