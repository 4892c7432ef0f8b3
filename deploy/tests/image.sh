#!/usr/bin/env bash
# Builds the image, starts the suite of compose.yaml from it, kills a service and the database, and sees
# everything ready again. Says in one line why, where it cannot. Outside continuous integration.
#
#   deploy/tests/image.sh
#
# GONGXIN_IMAGE            an image that is there already, instead of a build
# GONGXIN_POSTGRES_IMAGE, GONGXIN_NATS_IMAGE   other images of the servers, where no registry is in reach
# GONGXIN_BUILD            more words for the build, e.g. `--build-arg CARGO_PROFILE_RELEASE_LTO=off`
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

skip() {
    echo "image: left out: $1"
    exit 0
}
for program in podman podman-compose curl; do
    command -v "$program" >/dev/null || skip "$program is not there (apt install podman curl; pip install podman-compose)"
done
podman run --rm --help >/dev/null 2>&1 || skip "podman does not work here"

if [[ -z ${GONGXIN_IMAGE:-} ]]; then
    GONGXIN_IMAGE=localhost/gongxin:test
    # shellcheck disable=SC2086 # these are words
    podman build ${GONGXIN_BUILD:-} -f deploy/images/Containerfile -t "$GONGXIN_IMAGE" .
fi
export GONGXIN_IMAGE
for image in postgres:"${GONGXIN_POSTGRES_IMAGE:-}" nats:"${GONGXIN_NATS_IMAGE:-}"; do
    name=${image%%:*} image=${image#*:}
    if [[ -z $image ]]; then
        image=$(sed -n "s/.*image: \${GONGXIN_${name^^}_IMAGE:-\(.*\)}/\1/p" deploy/compose/compose.yaml)
        podman image exists "$image" || podman pull --quiet "$image" >/dev/null || skip "no registry gives $image"
    fi
done

project=gongxin-test-$$
POSTGRES_PASSWORD=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
export POSTGRES_PASSWORD
compose() {
    podman-compose --file deploy/compose/compose.yaml --project-name "$project" "$@" 2>>"$log"
}
log=$(mktemp)
finish() {
    local status=$?
    if ((status != 0)); then
        tail -n 20 "$log" >&2
        for name in $(podman ps --all --format '{{.Names}}' --filter "name=^$project"); do
            echo "--- $name" >&2
            podman logs --tail 5 "$name" >&2 || true
        done
    fi
    # A container that is being started again at this moment escapes `down`; so all of them go first.
    podman ps --all --quiet --filter "label=io.podman.compose.project=$project" |
        xargs --no-run-if-empty podman rm --force --time 5 >/dev/null 2>&1 || true
    compose down --volumes >/dev/null || true
    rm -f "$log"
    exit "$status"
}
trap finish EXIT

ports=(intake=7101 review=7102 supervision=7103 accountability=7104 disclosure=7105)
until_ready() {
    local begun=${2:-$SECONDS}
    for pair in "${ports[@]}" disclosure-public=7110; do
        local path=readyz
        [[ $pair == disclosure-public=* ]] && path=
        until curl --silent --fail --max-time 5 --output /dev/null "http://127.0.0.1:${pair#*=}/$path"; do
            ((SECONDS - begun < 180)) || { echo "image: ${pair%%=*} is not ready after 180 s" >&2; exit 1; }
            sleep 0.5
        done
    done
    echo "image: $1: all ready after $((SECONDS - begun)) s"
}

main_pid() { podman inspect --format '{{.State.Pid}}' "$project"_"$1"_1; }

echo "image: size $(podman image inspect --format '{{.Size}}' "$GONGXIN_IMAGE" | awk '{printf "%.1f MB", $1 / 1e6}')"
compose up --detach postgres nats >/dev/null
for _ in $(seq 120); do
    podman exec "$project"_postgres_1 pg_isready --quiet --host=127.0.0.1 && break
    sleep 0.5
done
compose --profile init run --rm init </dev/null
begun=$SECONDS
compose up --detach >/dev/null
until_ready "first start" "$begun"

for service in intake disclosure-public postgres nats; do
    old=$(main_pid "$service")
    kill -9 "$old"
    for _ in $(seq 300); do
        new=$(main_pid "$service")
        [[ $new != 0 && $new != "$old" ]] && break
        sleep 0.1
    done
    [[ $new != 0 && $new != "$old" ]] || { echo "image: $service was killed and is not started again" >&2; exit 1; }
    until_ready "$service killed ($old, then $new)"
done

# The order of an end: a service that gets SIGTERM drains and ends by itself, within its time.
begun=$SECONDS
podman stop --time 45 "$project"_review_1 >/dev/null
code=$(podman inspect --format '{{.State.ExitCode}}' "$project"_review_1)
echo "image: review ended with $code, $((SECONDS - begun)) s after SIGTERM"
[[ $code == 0 ]]

code=0
podman run --rm "$GONGXIN_IMAGE" gongxin-verify >/dev/null 2>&1 || code=$?
[[ $code == 2 ]] || { echo "image: gongxin-verify without words ended with $code, not with 2" >&2; exit 1; }
if podman run --rm "$GONGXIN_IMAGE" sh -c true 2>/dev/null; then
    echo "image: there is a shell in it" >&2
    exit 1
fi
echo "image: ok"
