#!/usr/bin/env bash
# Waits for the roll-out, then asks the public address.
set -euo pipefail
kubectl rollout status deployment/backend --timeout=5m
curl --fail --silent --show-error --retry 10 --retry-delay 3 "$1"
