"""entraql and its peers against the same pages in one run; `run.sh` sets up what this needs."""

import argparse
import json
import os
import statistics
import subprocess
import sys
from typing import NamedTuple

import report
from clients import CLIENTS, DIRECTORY, FIVE, HERE, PYTHON, TABLES, Job
from measure import Simulator, free_port, fresh, last_json, machine, run

TOP = os.path.dirname(os.path.abspath(__file__))
HOME = os.environ["ENTRAQL_BENCH_HOME"]
ENTRAQL = os.environ["ENTRAQL_BIN"]
SERVER = os.environ.get("ENTRAQL_SIMULATOR", ENTRAQL)


class Scenario(NamedTuple):
    name: str
    table: str
    # How the simulator is started.
    options: tuple = ()
    # A scenario that waits needs no warming up and one run only.
    slow: bool = False


LATE = ("--latency-ms", 300)
THROTTLED = ("--max-page", 200, "--faults", f"{TOP}/throttled.json")
SCENARIOS = [
    Scenario("users", "users"),
    Scenario("sign-ins", "sign-ins"),
    Scenario("sign-ins, five columns", "five"),
    Scenario("users, 300 ms a reply", "users", LATE, True),
    Scenario("sign-ins, 300 ms a reply", "sign-ins", LATE, True),
    Scenario("users, 5 % of replies are 429", "users", THROTTLED, True),
    Scenario("sign-ins, 5 % of replies are 429", "sign-ins", THROTTLED, True),
    Scenario("users, groups, members of each group, 300 ms a reply", "directory", (*LATE, "--throttle"), True),
]


def first_page(table, simulator):
    """Returns the request entraql would start with, so that everybody asks the same."""
    command = [ENTRAQL, "-q", "--dry-run", "--format", "json", "-c", TABLES[table]]
    told = subprocess.run(command, env=environment(simulator), stdout=subprocess.PIPE, check=True)
    return json.loads(told.stdout)[0]["request"].split(" ", 1)[1]


def environment(simulator, **more):
    """Returns the variables a client runs with: nothing of the person who measures but PATH."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": f"{HOME}/home",
        "PYTHONDONTWRITEBYTECODE": "1",
        "NODE_HOME": f"{HOME}/node",
        "NODE_EXTRA_CA_CERTS": f"{HOME}/tls/cert.pem",
        **simulator.settings,
        **more,
    }


class Bench:
    def __init__(self, arguments):
        self.arguments = arguments
        self.scratch = fresh(f"{HOME}/scratch")
        os.makedirs(f"{HOME}/home", exist_ok=True)

    def world(self, scenario):
        if scenario.table == "directory":
            return f"bulk:0:{self.arguments.users}"
        return f"bulk:{self.arguments.rows}:{self.arguments.rows}"

    def measure(self, scenario, client):
        """Runs a client against a simulator of its own, and returns the median of its runs."""
        proxy, options = None, scenario.options
        if client.tls:
            port = free_port()
            options = (*options, "--origin", f"https://localhost:{port}")
        simulator = Simulator(SERVER, self.world(scenario), *options)
        try:
            origin = simulator.url
            if client.tls:
                proxy = self.terminate_tls(port, simulator.port)
                origin = f"https://localhost:{port}"
            return self.runs(scenario, client, simulator, origin)
        finally:
            simulator.stop()
            if proxy:
                proxy.terminate()
                proxy.wait()

    def terminate_tls(self, port, target):
        files = [f"{HOME}/tls/key.pem", f"{HOME}/tls/cert.pem"]
        words = ["node", f"{HERE}/tls.mjs", port, target, *files]
        proxy = subprocess.Popen(list(map(str, words)), stdout=subprocess.PIPE)
        proxy.stdout.readline()
        return proxy

    def runs(self, scenario, client, simulator, origin):
        url = origin
        if scenario.table != "directory":
            url += first_page(scenario.table, simulator)
        once = lambda most=client.most: self.once(scenario, client, simulator, url, most)
        if client.most:
            start = once(0)
            return scaled(once(), start, self.arguments.rows)
        if not scenario.slow:
            once()
        found = [once() for _ in range(1 if scenario.slow else self.arguments.runs)]
        return middle(found)

    def once(self, scenario, client, simulator, url, most):
        folder = fresh(f"{self.scratch}/run")
        out = f"{folder}/out" if scenario.table == "directory" else f"{folder}/out.parquet"
        columns = FIVE if scenario.table == "five" else ""
        token = simulator.token()
        job = Job(scenario.table, url, token, out)
        variables = environment(simulator, COLUMNS=columns, MOST=str(most), GRAPH_TOKEN=token)
        before = simulator.seen()
        one = run(client.command(job), variables, folder)
        seen = {name: count - before[name] for name, count in simulator.seen().items()}
        found = written(client, one, out) if one["exit"] == 0 else {}
        return {**one, **seen, **found}


def written(client, one, out):
    """Counts the rows a client has got: in its file if it wrote one, or as it says."""
    if client.result != "Parquet":
        return last_json(one["log"])
    files = [f"{out}/{table}.parquet" for table in DIRECTORY]
    files = files if os.path.exists(files[0]) else [out]
    counted = subprocess.run([PYTHON, f"{TOP}/check.py", *files], stdout=subprocess.PIPE, check=True)
    return json.loads(counted.stdout)


def middle(found):
    """Returns the run with the median CPU, with all figures of all runs beside."""
    one = sorted(found, key=lambda one: one["cpu"])[len(found) // 2]
    every = {f"every_{name}": [round(one[name], 3) for one in found] for name in ("cpu", "wall", "memory")}
    wall = statistics.median(one["wall"] for one in found)
    return {**one, **every, "wall": wall, "memory": max(one["memory"] for one in found)}


def scaled(one, start, rows):
    """Returns what all rows would have cost: start-up once, the rest by the row."""
    if not one.get("rows"):
        return one
    times = rows / one["rows"]
    grown = {name: start[name] + (one[name] - start[name]) * times for name in ("cpu", "wall")}
    return {**one, **grown, "measured": one["rows"]}


def versions():
    """Names what is compared."""
    ours = subprocess.run([ENTRAQL, "--version"], stdout=subprocess.PIPE, text=True, check=True).stdout
    with open(f"{TOP}/requirements.txt", encoding="utf-8") as file:
        python = file.read().split()
    with open(f"{TOP}/package.json", encoding="utf-8") as file:
        node = [" ".join(one) for one in json.load(file)["dependencies"].items()]
    return ", ".join([ours.splitlines()[0], *python, *node])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", type=int, nargs="?", default=20_000, help="users, and sign-ins")
    parser.add_argument("--runs", type=int, default=3, help="measured runs where nothing waits")
    parser.add_argument("--users", type=int, default=2_000, help="users where the directory is read")
    parser.add_argument("--scenario", default="", help="only those whose name contains this")
    parser.add_argument("--client", default="", help="only those whose name contains this")
    parser.add_argument("--json", default=f"{HOME}/peers.json", help="where all figures are written")
    arguments = parser.parse_args()
    bench = Bench(arguments)
    told = {"machine": machine(), "versions": versions(), "rows": arguments.rows, "results": []}
    for scenario in (one for one in SCENARIOS if arguments.scenario in one.name):
        for client in (one for one in CLIENTS if arguments.client in one.name):
            if scenario.table not in client.tables:
                continue
            one = bench.measure(scenario, client)
            about = {"scenario": scenario.name, "client": client.name, "result": client.result}
            one = {**about, "tls": client.tls, "slow": scenario.slow, "wanted": arguments.rows, **one}
            told["results"].append(one)
            print(report.progress(one), file=sys.stderr, flush=True)
            with open(arguments.json, "w", encoding="utf-8") as file:
                json.dump(told, file, indent=1)
    print(report.markdown(told))


if __name__ == "__main__":
    main()
