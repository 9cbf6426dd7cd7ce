# SPDX-License-Identifier: GPL-3.0-or-later
# What build-aux/run and build-aux/test share. Sourced by bash with `set -eu`; the top of the source tree is the working directory.

say () { printf '\033[1m==>\033[0m %s\n' "$*"; }
die () { printf '%s\n' "$*" >&2; exit 1; }

BUILD_PACKAGES="gcc libc6-dev pkg-config meson ninja-build gettext libglib2.0-dev libglib2.0-dev-bin
  libgtk-4-dev libadwaita-1-dev libgnutls28-dev libicu-dev libsqlite3-dev libcmocka-dev
  desktop-file-utils appstream"
RUN_PACKAGES="adwaita-icon-theme librsvg2-common fonts-cantarell fonts-noto-cjk fonts-noto-color-emoji"
TEST_PACKAGES="glib-networking xvfb xauth dbus avahi-daemon at-spi2-core python3 python3-gi xdotool x11-utils xclip imagemagick
  iproute2 util-linux nftables gnutls-bin openssl clang clang-format-14 libclang-rt-14-dev llvm adwaita-icon-theme librsvg2-common fonts-cantarell
  fonts-noto-cjk fonts-noto-color-emoji"

# need PACKAGE...: installs those that are missing, and says which.
need () {
  command -v dpkg-query >/dev/null || die "This script knows Debian and its relatives. Elsewhere, install what these Debian packages hold and run meson yourself: $*"
  local p missing=()
  for p in "$@"; do
    case $(dpkg-query -W -f '${Status}' "$p" 2>/dev/null) in
      *"ok installed") ;;
      *) missing+=("$p") ;;
    esac
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  local sudo=()
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || die "These packages are missing, and installing them takes root: ${missing[*]}"
    sudo=(sudo)
  fi
  say "Installing what is missing: ${missing[*]}"
  "${sudo[@]}" apt-get -o DPkg::Lock::Timeout=300 update -q
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -q --no-install-recommends "${missing[@]}"
}

# build DIR MESON-OPTION...: configures DIR once (again when the options changed) and compiles what changed.
build () {
  local dir=$1; shift
  if [ ! -f "$dir/build.ninja" ]; then
    say "Configuring $dir"
    meson setup "$dir" "$@" >"$dir.log" 2>&1 || { cat "$dir.log" >&2; rm -f "$dir.log"; die "The build could not be configured; the reason is above."; }
    mv "$dir.log" "$dir/meson-setup.log"
  fi
  say "Building $dir"
  ninja -C "$dir" --quiet || die "The build failed; the compiler's words are above."
}
