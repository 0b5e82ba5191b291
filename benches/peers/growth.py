"""Every column of more and more sign-ins to Parquet: cost of a row, wall clock, memory."""

import argparse
import json
import os
import subprocess
import sys

from measure import Simulator, fresh, machine, run

TOP = os.path.dirname(os.path.abspath(__file__))
HOME = os.environ["ENTRAQL_BENCH_HOME"]
ENTRAQL = os.environ["ENTRAQL_BIN"]
SERVER = os.environ.get("ENTRAQL_SIMULATOR", ENTRAQL)
HEAD = "| rows | CPU s | CPU µs/row | wall s | µs/row | max RSS MB | requests | file MB | every row once |"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", type=int, nargs="*", default=[10_000, 100_000, 1_000_000, 2_000_000])
    parser.add_argument("--runs", type=int, default=3, help="measured runs; the median is told")
    parser.add_argument("--json", default=f"{HOME}/growth.json", help="where all figures are written")
    arguments = parser.parse_args()
    rule = "| --- " * (HEAD.count("|") - 1) + "|"
    print(f"{machine()}\n\n{HEAD}\n{rule}", flush=True)
    told = []
    for rows in arguments.rows:
        told.append(grow(rows, arguments.runs))
        print(line(told[-1]), flush=True)
        with open(arguments.json, "w", encoding="utf-8") as file:
            json.dump({"machine": machine(), "results": told}, file, indent=1)
    if any(not one["whole"] for one in told):
        sys.exit("a result is not whole")


def grow(rows, runs):
    """Exports one world, and returns the run with the median CPU."""
    simulator = Simulator(SERVER, f"bulk:{rows}")
    folder = fresh(f"{HOME}/scratch/growth")
    try:
        # Builds the pages, which a measured run then only waits for.
        warm = export(simulator, folder, "SELECT count(*) FROM sign_ins")
        found = [export(simulator, folder, "SELECT * FROM sign_ins") for _ in range(runs)]
        one = sorted(found, key=lambda one: one["cpu"])[runs // 2]
        one["memory"] = max(one["memory"] for one in found)
        one["every_cpu"] = [one["cpu"] for one in found]
        counted = check(f"{folder}/out.parquet")
        whole = counted["rows"] == counted["distinct"] == rows and one["exit"] == 0
        simulated = {"simulator_memory": simulator.memory(), "warm_wall": warm["wall"]}
        return {"asked": rows, "whole": whole, **one, **counted, **simulated}
    finally:
        simulator.stop()
        fresh(folder)


def export(simulator, folder, sql):
    before = simulator.seen()["requests"]
    variables = {"PATH": os.environ["PATH"], "HOME": folder, **simulator.settings}
    one = run([ENTRAQL, "-q", "-c", sql, "-o", f"{folder}/out.parquet"], variables, folder)
    if one["exit"] != 0:
        sys.exit(one["log"])
    return {**one, "requests": simulator.seen()["requests"] - before}


def check(out):
    """Counts rows and distinct ids with another reader of Parquet."""
    python = f"{HOME}/check/bin/python"
    counted = subprocess.run([python, f"{TOP}/check.py", out], stdout=subprocess.PIPE, check=True)
    return json.loads(counted.stdout)


def line(one):
    rows = one["asked"]
    words = [
        f"{rows:,}",
        f"{one['cpu']:.2f}",
        f"{one['cpu'] * 1e6 / rows:.2f}",
        f"{one['wall']:.2f}",
        f"{one['wall'] * 1e6 / rows:.2f}",
        f"{one['memory']:.0f}",
        f"{one['requests']:,}",
        f"{one['bytes'] / 1e6:.1f}",
        "yes" if one["whole"] else f"**{one['rows']:,}**",
    ]
    return "| " + " | ".join(words) + " |"


if __name__ == "__main__":
    main()
