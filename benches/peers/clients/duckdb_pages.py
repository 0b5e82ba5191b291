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

# Only what is wanted is decoded if the types are given; otherwise DuckDB finds them.
fields = ", ".join(f'"{name}" VARCHAR' for name in columns)
types = f", columns = {{value: 'STRUCT({fields})[]'}}" if columns else ""
source = f"read_json('{folder}/*.json', maximum_object_size = 268435456{types})"
duckdb.sql(
    f"COPY (SELECT unnest(rows) FROM (SELECT unnest(value) AS rows FROM {source}))"
    f" TO '{out}' (FORMAT parquet)"
)
