#!/usr/bin/env bash
# Runs the migrations of an image as a one-off job of the environment's cluster.
set -euo pipefail
image="$1"
kubectl create job "migrate-$(date +%s)" --image="$image" -- python -m app.migrate
