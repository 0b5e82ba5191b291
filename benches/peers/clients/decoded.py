"""Floor: the pages are fetched and decoded into objects of Python, and nothing more."""

import json
import sys

from pages import Graph

url = sys.argv[1]
ids = []
for page in Graph(url).pages(url):
    ids.extend(row["id"] for row in json.loads(page)["value"])
print(json.dumps({"rows": len(ids), "distinct": len(set(ids))}))
