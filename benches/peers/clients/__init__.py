"""The clients that are compared: what each is called with, and what comes out of it."""

import os
from typing import Callable, NamedTuple

HERE = os.path.dirname(os.path.abspath(__file__))
HOME = os.environ["ENTRAQL_BENCH_HOME"]
PYTHON = f"{HOME}/venv/bin/python"
FIVE = "id,createdDateTime,userPrincipalName,ipAddress,appDisplayName"
FIVE_SQL = "id, created_date_time, user_principal_name, ip_address, app_display_name"
TABLES = {
    "users": "SELECT * FROM users",
    "sign-ins": "SELECT * FROM sign_ins",
    "five": f"SELECT {FIVE_SQL} FROM sign_ins",
}
DIRECTORY = ("users", "groups", "group_members")


class Job(NamedTuple):
    """One run of a client."""

    table: str
    # Address of the first page, or of the simulator if the whole directory is read.
    url: str
    token: str
    out: str


class Client(NamedTuple):
    name: str
    # What the rows end as; `Parquet` can be checked from outside.
    result: str
    command: Callable[[Job], list]
    tables: tuple = ("users", "sign-ins", "five")
    # Follows links over TLS only.
    tls: bool = False
    # Rows after which it is stopped because it is slow; its figures are scaled to all rows.
    most: int = 0


def script(name):
    return lambda job: [PYTHON, f"{HERE}/{name}.py", job.url, job.out]


def entraql(job):
    program = [os.environ["ENTRAQL_BIN"], "-q"]
    if job.table != "directory":
        return [*program, "-c", TABLES[job.table], "-o", job.out]
    os.makedirs(job.out)
    copies = [f"COPY (SELECT * FROM {table}) TO '{job.out}/{table}.parquet'" for table in DIRECTORY]
    return [*program, "-c", "; ".join(copies)]


def tenzir(job):
    with open(f"{HERE}/tenzir_{job.table}.tql", encoding="utf-8") as file:
        text = file.read()
    for name in ("url", "token", "out"):
        text = text.replace("{" + name + "}", getattr(job, name))
    with open(job.out + ".tql", "w", encoding="utf-8") as file:
        file.write(text)
    return [f"{HOME}/venv/bin/tenzir", "-f", job.out + ".tql"]


CLIENTS = [
    Client("entraql", "Parquet", entraql, ("users", "sign-ins", "five", "directory")),
    Client("Tenzir", "Parquet", tenzir),
    Client("DuckDB from saved pages", "Parquet", script("duckdb_pages")),
    Client("dlt", "Parquet", script("dlt_parquet")),
    Client(
        "Graph client (JavaScript)",
        "objects",
        lambda job: ["node", f"{HERE}/graph_client.mjs", job.url],
        tables=("users", "sign-ins"),
        tls=True,
    ),
    Client("Graph SDK (Python)", "objects", script("msgraph_sdk"), ("users", "sign-ins"), most=2_000),
    Client("floor: fetched and decoded in Python", "objects", script("decoded"), ("users", "sign-ins")),
    Client("floor: fetched in Python", "nothing", script("raw"), ("users", "sign-ins")),
    Client("floor: one call after another in Python", "JSON", script("serial"), ("directory",)),
]
