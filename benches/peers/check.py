"""Counts the rows of Parquet files, and the distinct ids if all files are of one table."""

import glob
import json
import os
import sys

import pyarrow.parquet as parquet


def files(out):
    # dlt writes a folder for each table; the rows themselves are in that of the resource.
    return sorted(glob.glob(f"{out}/bench/rows/*.parquet")) if os.path.isdir(out) else [out]


def distinct(paths):
    # Some write ids as text, some as UUIDs.
    columns = (parquet.read_table(path, columns=["id"])["id"] for path in paths)
    return len({one for column in columns for chunk in column.chunks for one in chunk.to_pylist()})


outs = sys.argv[1:]
paths = [path for out in outs for path in files(out)]
found = {
    "rows": sum(parquet.read_metadata(path).num_rows for path in paths),
    "columns": len(parquet.read_schema(paths[0]).names),
    "bytes": sum(os.path.getsize(path) for path in paths),
}
if len(outs) == 1:
    found["distinct"] = distinct(paths)
print(json.dumps(found))
