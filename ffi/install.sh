#!/bin/sh
# Builds libkyso and installs it: library, header, pkg-config and CMake files.
#
#   ffi/install.sh PREFIX
#
# DESTDIR=…        stage below this folder (for packagers)
# LIBDIR=…         the library folder below PREFIX; default lib
# KYSO_PROFILE=…   cargo profile; default release
# CARGO=…          default cargo
#
# `cargo cinstall -p kyso-ffi` (cargo-c) installs the same library, without the CMake files.
set -eu

if [ $# -ne 1 ]; then
    echo "usage: $0 PREFIX" >&2
    exit 64
fi
mkdir -p "${DESTDIR:-}$1"
PREFIX=$1
case $PREFIX in
    /*) ;;
    *) PREFIX=$(cd "${DESTDIR:-}$PREFIX" && pwd) ;;
esac
LIBDIR=${LIBDIR:-lib}
PROFILE=${KYSO_PROFILE:-release}
CARGO=${CARGO:-cargo}
FFI=$(cd "$(dirname "$0")" && pwd)
VERSION=$(sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"/\1/p' "$FFI/../Cargo.toml")
# What symbols.txt lists is never taken away under one first number, hence one soname for it.
MAJOR=${VERSION%%.*}

case $(uname -s) in
    Darwin)
        BUILT=libkyso_ffi.dylib
        REAL=libkyso.$VERSION.dylib SONAME=libkyso.$MAJOR.dylib PLAIN=libkyso.dylib
        LINK="-Wl,-install_name,$PREFIX/$LIBDIR/$SONAME"
        PRIVATE="-liconv -lSystem -lc -lm"
        ;;
    Linux | *BSD)
        BUILT=libkyso_ffi.so
        REAL=libkyso.so.$VERSION SONAME=libkyso.so.$MAJOR PLAIN=libkyso.so
        LINK="-Wl,-soname,$SONAME"
        PRIVATE="-lgcc_s -lutil -lrt -lpthread -lm -ldl -lc"
        ;;
    *)
        echo "$0: for this system use cargo-c: cargo cinstall -p kyso-ffi --prefix=$PREFIX" >&2
        exit 69
        ;;
esac

(cd "$FFI/.." && "$CARGO" rustc --locked -p kyso-ffi --lib --profile "$PROFILE" \
    --crate-type cdylib,staticlib -- -C "link-arg=$LINK")

FOLDER=$PROFILE
[ "$PROFILE" = dev ] && FOLDER=debug
# An absolute CARGO_TARGET_DIR is the caller's; a relative one is below the workspace, where cargo ran.
TARGET=$(cd "$FFI/.." && mkdir -p "${CARGO_TARGET_DIR:-target}" && cd "${CARGO_TARGET_DIR:-target}" && pwd)/$FOLDER

ROOT=${DESTDIR:-}$PREFIX
LIB=$ROOT/$LIBDIR
mkdir -p "$ROOT/include" "$LIB/pkgconfig" "$LIB/cmake/kyso"
install -m 755 "$TARGET/$BUILT" "$LIB/$REAL"
ln -sf "$REAL" "$LIB/$SONAME"
ln -sf "$SONAME" "$LIB/$PLAIN"
install -m 644 "$TARGET/libkyso_ffi.a" "$LIB/libkyso.a"
install -m 644 "$FFI/include/kyso.h" "$ROOT/include/kyso.h"

# From the folder of the package files up to the prefix: both are found where they lie, not where
# they were made.
UP=..
REST=$LIBDIR
while [ "$REST" != "${REST#*/}" ]; do
    REST=${REST#*/}
    UP=$UP/..
done

cat >"$LIB/pkgconfig/kyso.pc" <<EOF
prefix=\${pcfiledir}/$UP/..
libdir=\${prefix}/$LIBDIR
includedir=\${prefix}/include

Name: kyso
Description: Signs and verifies the documents of a state
Version: $VERSION
Libs: -L\${libdir} -lkyso
Libs.private: $PRIVATE
Cflags: -I\${includedir}
EOF

CMAKE_PRIVATE=$(echo "$PRIVATE" | sed 's/ /;/g')
cat >"$LIB/cmake/kyso/kysoConfig.cmake" <<EOF
# kyso::kyso is the shared library, kyso::kyso-static the static one.
get_filename_component(_kyso_prefix "\${CMAKE_CURRENT_LIST_DIR}/$UP/../.." ABSOLUTE)
if(NOT TARGET kyso::kyso)
  add_library(kyso::kyso SHARED IMPORTED)
  set_target_properties(kyso::kyso PROPERTIES
    IMPORTED_LOCATION "\${_kyso_prefix}/$LIBDIR/$REAL"
    IMPORTED_SONAME "$SONAME"
    INTERFACE_INCLUDE_DIRECTORIES "\${_kyso_prefix}/include")
  add_library(kyso::kyso-static STATIC IMPORTED)
  set_target_properties(kyso::kyso-static PROPERTIES
    IMPORTED_LOCATION "\${_kyso_prefix}/$LIBDIR/libkyso.a"
    INTERFACE_INCLUDE_DIRECTORIES "\${_kyso_prefix}/include"
    INTERFACE_LINK_LIBRARIES "$CMAKE_PRIVATE")
endif()
unset(_kyso_prefix)
EOF

cat >"$LIB/cmake/kyso/kysoConfigVersion.cmake" <<EOF
set(PACKAGE_VERSION "$VERSION")
# The same first number, and nothing newer than this.
set(PACKAGE_VERSION_COMPATIBLE FALSE)
set(PACKAGE_VERSION_EXACT FALSE)
if(PACKAGE_FIND_VERSION VERSION_EQUAL PACKAGE_VERSION)
  set(PACKAGE_VERSION_EXACT TRUE)
endif()
if(NOT PACKAGE_FIND_VERSION VERSION_GREATER PACKAGE_VERSION)
  if(PACKAGE_FIND_VERSION_COUNT EQUAL 0 OR PACKAGE_FIND_VERSION_MAJOR EQUAL $MAJOR)
    set(PACKAGE_VERSION_COMPATIBLE TRUE)
  endif()
endif()
EOF

echo "kyso $VERSION is installed below $ROOT"
