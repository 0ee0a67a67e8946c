#!/bin/sh
# What `make check` does; see the Makefile.
set -eu

HERE=$(cd "$(dirname "$0")" && pwd)
ROOT=$(cd "$HERE/../.." && pwd)
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
trap 'exit 1' INT TERM

KYSO_PROFILE=${KYSO_PROFILE:-release}
export KYSO_PROFILE
PREFIX=$WORK/prefix
SANITIZE=
[ -n "${SAN:-}" ] && SANITIZE="-fsanitize=address,undefined -fno-sanitize-recover=all"
RUN=
if [ -n "${VALGRIND:-}" ]; then
    RUN="valgrind --quiet --leak-check=full --show-leak-kinds=definite --errors-for-leak-kinds=definite --error-exitcode=99"
fi

say() { echo "check: $*"; }
die() {
    echo "check: FAILED: $*" >&2
    exit 1
}
# expect STATUS PROGRAM ARGUMENT…: runs it, keeps its output in $WORK/out.
expect() {
    wanted=$1
    shift
    status=0
    # shellcheck disable=SC2086
    $RUN "$@" >"$WORK/out" 2>"$WORK/err" || status=$?
    if [ "$status" -ne "$wanted" ]; then
        cat "$WORK/out" "$WORK/err" >&2
        die "$* ended with $status instead of $wanted"
    fi
}
holds() { grep -q -- "$1" "$WORK/out" || die "the output does not hold: $1"; }

say "install to a temporary prefix, then move it: what is installed must not know its place"
"$ROOT/ffi/install.sh" "$WORK/first" >/dev/null
mv "$WORK/first" "$PREFIX"
PKG_CONFIG_PATH=$PREFIX/lib/pkgconfig${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}
LD_LIBRARY_PATH=$PREFIX/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
export PKG_CONFIG_PATH LD_LIBRARY_PATH

say "the header, as C99 and as C++11"
for standard in "$CC -x c -std=c99" "$CXX -x c++ -std=c++11"; do
    echo '#include <kyso.h>' | $standard -Wall -Wextra -Werror -pedantic -fsyntax-only \
        -I"$PREFIX/include" - || die "the header under $standard"
done

if [ "$(uname -s)" = Linux ]; then
    say "soname and exported symbols"
    readelf -d "$PREFIX/lib/libkyso.so" | grep -q 'SONAME.*\[libkyso\.so\.0\]' || die "the soname"
    nm -D --defined-only "$PREFIX/lib/libkyso.so" | sed 's/.* //; s/@.*//' | LC_ALL=C sort >"$WORK/found"
    sed '/^#/d' "$ROOT/ffi/symbols.txt" | LC_ALL=C sort | diff - "$WORK/found" || die "the symbols"
fi

say "build"
cd "$WORK"
for file in Makefile common.c common.h verify.c sign.c two_step.c envelope.c sign_callback.c; do
    cp "$HERE/$file" .
done
"$MAKE" CC="$CC" CFLAGS="-O1 -g $SANITIZE" all >/dev/null
(cd "$ROOT" && ${CARGO:-cargo} run --quiet --locked -p kyso-ffi --example inputs -- "$WORK/sandbox")
cat sandbox/person.pem sandbox/issuing.pem sandbox/root.pem >chain.pem

say "sign with PKCS#12"
expect 0 ./sign sandbox/decision.pdf first.pdf sandbox/person.p12 sandbox/password.txt
cmp -n "$(wc -c <sandbox/decision.pdf)" sandbox/decision.pdf first.pdf || die "the input is no prefix"
expect 1 ./sign sandbox/decision.pdf first.pdf sandbox/person.p12 sandbox/password.txt
grep -q io.output "$WORK/err" || die "an existing file was not kept"

say "verify"
expect 2 ./verify first.pdf sandbox/root.pem
holds INDETERMINATE
holds '"digest_intact":true'
holds '"signature_intact":true'
expect 65 ./verify sandbox/password.txt sandbox/root.pem
expect 1 ./verify missing.pdf sandbox/root.pem
grep -q io.input "$WORK/err" || die "a missing file"
cp first.pdf broken.pdf
printf 'X' | dd of=broken.pdf bs=1 seek=20 conv=notrunc 2>/dev/null
expect 1 ./verify broken.pdf sandbox/root.pem
holds TOTAL-FAILED

say "sign in two steps"
expect 0 ./two_step prepare first.pdf chain.pem ecdsa-sha256 state.kyso digest.bin
if command -v openssl >/dev/null; then
    openssl pkeyutl -sign -inkey sandbox/person.key.pem -pkeyopt digest:sha256 \
        -in digest.bin -out signature.bin
    expect 0 ./two_step complete first.pdf state.kyso signature.bin second.pdf
    expect 2 ./verify second.pdf sandbox/root.pem
    holds '"id":"Signature2"'
    expect 1 ./two_step complete sandbox/decision.pdf state.kyso signature.bin other.pdf
    grep -q complete.mismatch "$WORK/err" || die "another file was completed"
    [ ! -e other.pdf ] || die "a file was written after a failure"
else
    say "  no openssl: the second step is left out"
fi

if pkg-config --exists libcrypto; then
    say "sign with a function that asks OpenSSL"
    "$MAKE" CC="$CC" CFLAGS="-O1 -g $SANITIZE" sign_callback >/dev/null
    expect 0 ./sign_callback sandbox/decision.pdf callback.pdf chain.pem sandbox/person.key.pem
    expect 2 ./verify callback.pdf sandbox/root.pem
    holds '"signature_intact":true'
else
    say "no libcrypto: the function that signs is left out"
fi

say "envelope"
expect 0 ./envelope first.pdf out.edxml answer.edxml
holds kyso-envelope/1
holds 318-VP-TH.pdf
expect 2 ./verify out.edxml sandbox/root.pem
holds '"signature_intact":true'

if [ -z "$SANITIZE" ]; then
    say "link the static library"
    # shellcheck disable=SC2046
    $CC -std=c99 -o verify-static verify.c common.c $(pkg-config --cflags kyso) \
        "$PREFIX/lib/libkyso.a" $(pkg-config --static --libs-only-other --libs-only-l kyso | sed 's/-lkyso//')
    expect 2 ./verify-static first.pdf sandbox/root.pem
fi

if command -v cmake >/dev/null; then
    say "find_package in CMake"
    mkdir cmake
    cat >cmake/CMakeLists.txt <<'EOF'
cmake_minimum_required(VERSION 3.10)
project(example C)
find_package(kyso 0.1 REQUIRED)
add_executable(shared ../verify.c ../common.c)
target_link_libraries(shared kyso::kyso)
add_executable(static ../verify.c ../common.c)
target_link_libraries(static kyso::kyso-static)
EOF
    cmake -S cmake -B cmake/build -DCMAKE_PREFIX_PATH="$PREFIX" >cmake.log 2>&1 \
        && cmake --build cmake/build >>cmake.log 2>&1 || { cat cmake.log; die "CMake"; }
    expect 2 cmake/build/shared first.pdf sandbox/root.pem
    expect 2 cmake/build/static first.pdf sandbox/root.pem
else
    say "no cmake: left out"
fi
say "good"
