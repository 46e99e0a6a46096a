#!/bin/sh
# Lets hledger read the journals of a chargeback folder: each must parse, balance and hold no commodity
# or account that is not declared by use. Needs hledger (apt-get install hledger).
# Usage: test/proof/hledger.sh [folder]
set -eu
folder=${1:-chargeback}
found=no
for journal in "$folder"/chargeback-*-journal-hledger.journal; do
  [ -f "$journal" ] || continue
  found=yes
  echo "== $(basename "$journal")"
  hledger --file "$journal" check
  hledger --file "$journal" stats | grep -E '^(Transactions|Accounts|Commodities)  '
  hledger --file "$journal" balance --flat
done
[ "$found" = yes ] || { echo "there is no hledger journal in $folder" >&2; exit 1; }
