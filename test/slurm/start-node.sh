#!/bin/bash
# Runs in the cluster's namespaces and stays: plugs a node into the switch. start-node.sh FOLDER NAME ADDRESS
set -euo pipefail
folder=$1 name=$2 address=$3
here="$(dirname "$0")"

unshare --net --uts --mount --pid --fork --kill-child --mount-proc bash "$here/node.sh" "$folder" "$name" "$address" &
until inside=$(pgrep --parent $! --full node.sh) && ip link show "to-$name" > /dev/null 2>&1; do
  ip link add "to-$name" type veth peer name eth0 netns "$inside" 2> /dev/null || sleep 0.05
done
ip link set "to-$name" master switch up
echo "$inside" > "$folder/pids/$name"
wait
