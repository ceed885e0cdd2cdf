"""Finished runs as JSON lines, one per run, and the selection of those that are reported.

A sitting is a set of runs measured at once, or continued with --resume. A case is reported from the last sitting that
completed a round of it, so cases can be measured separately. Runs of different builds of Graft never form a round.
"""

import json
import os


class Records:
    def __init__(self, path):
        self.path = path
        self.all = []
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                self.all = [json.loads(line) for line in file]

    def append(self, record):
        os.makedirs(os.path.dirname(self.path), exist_ok=True)
        with open(self.path, "a", encoding="utf-8") as file:
            file.write(json.dumps(record) + "\n")
        self.all.append(record)

    def last_sitting(self):
        return self.all[-1]["sitting"] if self.all else None

    def rounds(self, name, case, sitting=None, build=None):
        """Returns the complete rounds of a case by number, each with a record per side.

        Without a sitting, the rounds are those of the last sitting that has any.
        """
        for one in [sitting] if sitting else sorted({record["sitting"] for record in self.all}, reverse=True):
            by_round = {}
            for record in self.all:
                of_build = build in (None, record["build"])
                if (record["sitting"], record["case"]) == (one, name) and of_build:
                    by_round.setdefault((record["build"], record["round"]), {})[record["side"]] = record
            complete = {key: sides for key, sides in by_round.items() if set(sides) >= set(case.sides)}
            if complete:
                last = list(complete)[-1][0]
                return {number: sides for (of, number), sides in complete.items() if of == last}
        return {}
