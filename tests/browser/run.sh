#!/usr/bin/env bash
# Every page in a real browser: it renders without an error, and loads nothing from elsewhere.
# usage: run.sh PATH_TO_OPENPBM [FOLDER_FOR_SCREENSHOTS]
set -euo pipefail
program=$1
root=$(cd "$(dirname "$0")/../.." && pwd)
shots=${2:-$root/target/screenshots}
mkdir -p "$shots"
folder=$(mktemp -d)
cleanup() {
  [ -n "${server:-}" ] && kill "$server" 2>/dev/null
  rm -rf "$folder"
}
trap cleanup EXIT

touch "$folder/ready"
"$program" demo --http 127.0.0.1:0 --ncpdp 127.0.0.1:0 >"$folder/ready" 2>"$folder/notes" &
server=$!
until grep -q '^ready' "$folder/ready"; do
  kill -0 "$server" || { cat "$folder/notes"; exit 1; }
  sleep 0.05
done
read -r _ http ncpdp <"$folder/ready"
http=${http#http=} ncpdp=${ncpdp#ncpdp=}
for claim in paid step-therapy prior-authorization brand-by-patient-choice; do
  "$program" claim "$root/fixtures/claims/$claim.d0" --ncpdp "$ncpdp" --json >"$folder/$claim.json"
done
sleep 3

# Any host but this machine fails to resolve, so a page that needs one breaks here.
browse() { # NAME SIZE URL
  chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
    --disable-background-networking --disable-component-update --disable-sync --hide-scrollbars \
    --host-resolver-rules="MAP * ~NOTFOUND, EXCLUDE 127.0.0.1" --user-data-dir="$folder/profile" \
    --window-size="$2" --screenshot="$shots/$1.png" "$3" 2>"$folder/chromium.log"
  test -s "$shots/$1.png"
  chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
    --disable-background-networking --disable-component-update --disable-sync \
    --user-data-dir="$folder/profile" --dump-dom "$3" >"$folder/$1.html" 2>/dev/null
  grep -q '<main' "$folder/$1.html"
  if grep -Eo '(src|href|action)="https?://[^"]*' "$folder/$1.html" | grep -v "//$http"; then
    echo "$1 names another host"
    exit 1
  fi
  echo "ok $1"
}

id() { grep -o '"id": "[^"]*' "$folder/$1.json" | head -1 | cut -d'"' -f4; }
browse decisions 1280,900 "http://$http/"
browse decisions-narrow 390,900 "http://$http/"
browse paid 1280,1100 "http://$http/claims/$(id paid)"
browse rejected 1280,1100 "http://$http/claims/$(id step-therapy)"
browse brand 1280,1560 "http://$http/claims/$(id brand-by-patient-choice)"
browse brand-narrow 390,1400 "http://$http/claims/$(id brand-by-patient-choice)"
browse missing 1280,600 "http://$http/claims/00000000000000000000"
for name in Rivera Chen Ortiz Patel Brooks 1984-03-12; do
  if grep -l "$name" "$folder"/*.html; then
    echo "a page shows personal data"
    exit 1
  fi
done
