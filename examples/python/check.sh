#!/bin/sh
# Runs every example, with a throw-away authority. KYSO_BIN: the command line program; PYTHON: an
# interpreter that has kyso installed.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
python=${PYTHON:-python3}
: "${KYSO_BIN:?set KYSO_BIN to the program kyso: cargo build -p kyso-cli}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
"$KYSO_BIN" demo demo >/dev/null
authority=demo/authority
input=demo/quyet-dinh.pdf

# Verdicts are INDETERMINATE (status 2) until the certificates' status is judged.
verify() {
  status=0
  "$python" "$here/verify.py" "$@" --trust "$authority/root.pem" >report.txt || status=$?
  [ "$status" -eq 0 ] || [ "$status" -eq 2 ] || { cat report.txt; return 1; }
}

"$python" "$here/sign.py" "$input" signed.pdf --p12 "$authority/person.p12" \
  --password-file "$authority/password.txt"
"$python" "$here/sign_callback.py" signed.pdf twice.pdf --key "$authority/organisation.key.pem" \
  --cert "$authority/organisation.pem" --cert "$authority/issuing.pem"
verify twice.pdf
verify --json --lang vi twice.pdf

"$python" "$here/two_step.py" prepare "$input" state.json --cert "$authority/person.pem" \
  --cert "$authority/issuing.pem" --message message.bin
openssl dgst -sha256 -sign "$authority/person.key.pem" -out raw.bin message.bin
"$python" "$here/two_step.py" complete "$input" state.json later.pdf --raw raw.bin
verify later.pdf

"$python" "$here/envelope.py" twice.pdf envelope >/dev/null
verify envelope/document.edxml
echo "examples: ok"
