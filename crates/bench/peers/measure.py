"""Runs one process and measures its cost. Imports nothing large: a child's peak memory counts its parent's."""

import os
import sys
import time
from dataclasses import dataclass


@dataclass
class Cost:
    """The cost of one run."""

    wall: float  # seconds
    cpu: float  # seconds, user and system
    memory: float  # peak resident set, MB


def run(command, log):
    """Runs a command on the first two processors; its output goes to the file log."""
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    start = time.perf_counter()
    child = os.posix_spawnp(
        command[0],
        command,
        os.environ,
        file_actions=[(os.POSIX_SPAWN_DUP2, output, 1), (os.POSIX_SPAWN_DUP2, output, 2)],
    )
    _, status, usage = os.wait4(child, 0)
    wall = time.perf_counter() - start
    os.close(output)
    if os.waitstatus_to_exitcode(status) != 0:
        with open(log, encoding="utf-8", errors="replace") as lines:
            sys.exit(f"failed: {' '.join(command)}\n{lines.read()}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def pin(processors=2):
    """Keeps this process and its children on as many processors, so that every engine has as many threads."""
    allowed = sorted(os.sched_getaffinity(0))[:processors]
    os.sched_setaffinity(0, allowed)
    return len(allowed)
