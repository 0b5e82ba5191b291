"""The directory one call after another: users, groups, and the members of each group, as JSON lines."""

import json
import os
import sys

from pages import Graph

origin, out = sys.argv[1:3]
graph = Graph(origin)


def rows(path):
    for page in graph.pages(f"{origin}{path}"):
        yield from json.loads(page)["value"]


def write(name, path, group=None):
    with open(os.path.join(out, name), "a", encoding="utf-8") as file:
        for row in rows(path):
            if group:
                row["groupId"] = group
            file.write(json.dumps(row) + "\n")
            yield row["id"]


os.makedirs(out)
users = sum(1 for _ in write("users.json", "/v1.0/users?$top=999"))
groups = list(write("groups.json", "/v1.0/groups?$top=999"))
members = 0
for group in groups:
    members += sum(1 for _ in write("members.json", f"/v1.0/groups/{group}/members?$top=999", group))
print(json.dumps({"rows": users + len(groups) + members}))
