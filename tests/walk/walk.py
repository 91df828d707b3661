#!/usr/bin/env python3
"""A walk of random writes over a sandbox's Desk and CRM, with a second opinion.

    walk.py PROGRAM [--seed N] [--steps N]

A model beside it, which knows Zoho's documents and not the sandbox's source, makes every write too. After each tenth
write lists, counts, searches, criteria and queries are asked for and compared. What differs is found again with a look
after every write, and the smallest step is told; the same seed walks the same way.
"""

import argparse
import random
import sys
import time

sys.dont_write_bytecode = True  # Nothing is left in the repository.

import crm_checks
import desk_checks
from crm import Crm
from desk import Desk
from zoho import Difference, Zoho

EACH = 10


def walk(zoho, seed, steps, looks):
    """Walks from the first day; `looks` says after which steps it looks around. Answers the step and what differs."""
    zoho.begin()
    dice = random.Random(seed)
    step, said = 0, "the first day"
    try:
        rooms = [Desk(zoho), Crm(zoho)]
        look(seed, 0, rooms)
        for step in range(1, steps + 1):
            zoho.tick()
            kinds = [(kind, weight) for room in rooms for kind, weight in room.writes()]
            kind = dice.choices([kind for kind, _ in kinds], [weight for _, weight in kinds])[0]
            said = f"a {kind.__name__} of {type(kind.__self__).__name__} that failed"
            said = kind(dice)
            if looks(step):
                look(seed, -(-step // EACH) * EACH, rooms)
    except Difference as difference:
        return step, said, difference
    return None


def look(seed, step, rooms):
    """Compares; the dice are of their own, so that looking leaves the way as it is."""
    for room, checks in zip(rooms, (desk_checks, crm_checks)):
        for check in checks.checks():
            check(random.Random(f"{seed} {step} {check.__name__}"), room)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", type=int, default=500)
    given = parser.parse_args()
    began = time.monotonic()
    zoho = Zoho(given.program, given.seed)
    try:
        found = walk(zoho, given.seed, given.steps, lambda step: step % EACH == 0)
        if found:
            before = found[0] - EACH
            found = walk(zoho, given.seed, found[0], lambda step: step > before) or found
    finally:
        zoho.end()
    if found:
        step, said, difference = found
        print(f"walk: seed {given.seed} differs after step {step}: {said}\n{difference}", file=sys.stderr)
        return 1
    print(f"seed {given.seed}: {given.steps} writes, no difference ({time.monotonic() - began:.0f} s)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
