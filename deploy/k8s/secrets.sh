#!/usr/bin/env bash
# The folder that `init` made, as Secrets on standard output: each service gets its own keys and nothing of
# the others' but their public halves.
#
#   deploy/k8s/secrets.sh FOLDER | kubectl apply --filename -
set -euo pipefail
folder=${1:?usage: secrets.sh FOLDER, the folder of init}
keys=$folder/keys
kubectl=${KUBECTL:-kubectl}

secret() {
    local name=$1
    shift
    "$kubectl" create secret generic "$name" --namespace gongxin --dry-run=client --output yaml "${@/#/--from-file=}"
    echo ---
}

for service in intake review supervision accountability disclosure; do
    own=("$keys/$service.log" "$keys/$service.key" "$keys/database")
    # Review signs for the bureau in the exchange between organs.
    if [[ $service == review ]]; then own+=("$keys/police.key"); fi
    secret "$service-keys" "${own[@]}"
done
secret disclosure-public-keys "$keys/portal.log" "$keys/database"
secret public-keys "$folder/log-keys" "$keys"/*.pub
