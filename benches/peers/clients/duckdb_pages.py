"""DuckDB: pages are saved as they are, then read with `read_json` and written as Parquet."""

import os
import sys

import duckdb
from pages import Graph

url, out = sys.argv[1:3]
columns = [name for name in os.environ.get("COLUMNS", "").split(",") if name]
folder = out + ".pages"
os.makedirs(folder)
for number, page in enumerate(Graph(url).pages(url)):
    with open(f"{folder}/{number:06}.json", "wb") as file:
        file.write(page)

# DuckDB finds the types itself; it is slower when they are given.
wanted = ", ".join(f'rows."{name}"' for name in columns) or "unnest(rows)"
source = f"(SELECT unnest(value) AS rows FROM read_json('{folder}/*.json'))"
duckdb.sql(f"COPY (SELECT {wanted} FROM {source}) TO '{out}' (FORMAT parquet)")
