#!/usr/bin/env bash
# Points the deployment at an image. The strategy is a label that the cluster's controller reads.
set -euo pipefail
image="$1"; shift
strategy=rolling; replicas=2
while [ $# -gt 0 ]; do
  case "$1" in
    --strategy) strategy="$2"; shift 2 ;;
    --replicas) replicas="$2"; shift 2 ;;
    *) echo "Unknown option: $1" >&2; exit 64 ;;
  esac
done
kubectl label deployment/backend "aetherstack.example.com/strategy=$strategy" --overwrite
kubectl set image deployment/backend "backend=$image"
kubectl scale deployment/backend --replicas="$replicas"
