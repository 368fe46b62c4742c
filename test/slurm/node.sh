#!/bin/bash
# Process 1 of a node: everything on it ends with it.
set -euo pipefail
folder=$1 name=$2 address=$3

hostname "$name"
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs "$folder/local" # A folder that this node shares with nobody.
chmod 777 "$folder/local"
ip link set lo up
until ip link set eth0 up 2> /dev/null; do sleep 0.05; done
ip addr add "$address/24" dev eth0
mkdir -p /run/munge "/run/slurmd-$name"
munged --force --key-file="$folder/munge.key" --pid-file=/run/munge/pid --log-file="$folder/log/munge-$name" --seed-file=/run/munge/seed
exec slurmd -D -N "$name"
