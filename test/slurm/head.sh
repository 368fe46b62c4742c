#!/bin/bash
# Process 1 of the cluster, in namespaces of its own: a switch for the nodes, and Slurm's controller.
# head.sh FOLDER REPOSITORY
set -euo pipefail
folder=$1

hostname head
mount --make-rprivate /
mount --bind "$folder/etc" /etc/slurm
mount --bind "$folder/hosts" /etc/hosts
mount --bind "$2" "$folder/paceline"
mount -t tmpfs tmpfs /run
ip link set lo up
ip link add switch type bridge
ip addr add 10.77.0.1/24 dev switch
ip link set switch up
mkdir /run/munge
munged --force --key-file="$folder/munge.key" --pid-file=/run/munge/pid --log-file="$folder/log/munge-head" --seed-file=/run/munge/seed
exec slurmctld -D -c
