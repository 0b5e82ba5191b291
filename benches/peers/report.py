"""Writes what was measured as a table."""

HEAD = ("client", "result", "CPU µs/row", "wall s", "max RSS MB", "requests", "429", "every row once", "file MB")
NOTES = """
¹ read {few} and stopped, because it is slow; CPU and wall are start-up plus the rest scaled to all rows.
² follows no link but https, so TLS is in its figures.

Requests are those the simulator has seen, without those for a token. A result of objects is kept
in memory and written nowhere; a floor does only what its name says. Of several runs the one with
the median CPU is shown, with the median of the wall clock and the largest memory.
"""


def markdown(told):
    """Returns all scenarios in one table, then a table for each, and how entraql compares."""
    text = [f"{told['machine']}; {told['versions']}.", "", *summary(told["results"]), ""]
    for name in dict.fromkeys(one["scenario"] for one in told["results"]):
        ones = [one for one in told["results"] if one["scenario"] == name]
        rows = expected(name, ones, told["rows"])
        text += [f"**{name}** ({rows:,} rows)", "", line(HEAD), line("---" for _ in HEAD)]
        text += [line(cells(one, rows)) for one in ones]
        text += ["", *ratios(ones), ""]
    few = {f"{one['measured']:,} rows" for one in told["results"] if "measured" in one}
    return "\n".join(text) + NOTES.format(few=" or ".join(sorted(few)) or "fewer rows")


def summary(results):
    """Returns what matters most: CPU where nothing waits, the wall clock where something does."""
    clients = list(dict.fromkeys(one["client"] for one in results))
    text = [line(["", *clients]), line("---" for _ in range(1 + len(clients)))]
    for name, slow in dict.fromkeys((one["scenario"], one["slow"]) for one in results):
        ones = {one["client"]: one for one in results if one["scenario"] == name}
        unit = "s" if slow else "CPU µs/row"
        text.append(line([f"{name}: {unit}", *(short(ones.get(client)) for client in clients)]))
    return text


def short(one):
    """Returns the figure a scenario is about."""
    if one is None:
        return "-"
    if one["exit"] != 0:
        return "**fails**"
    return f"{one['wall']:.1f}" if one["slow"] else f"{one['cpu'] * 1e6 / one['wanted']:,.1f}"


def expected(name, ones, rows):
    """Returns how many rows a whole result has; for the directory the clients have to agree."""
    return max(one.get("rows", 0) for one in ones) if "groups" in name else rows


def cells(one, rows):
    done = one["exit"] == 0
    marks = ("¹" if "measured" in one else "") + ("²" if one["tls"] else "")
    return (
        one["client"] + marks,
        one["result"],
        f"{one['cpu'] * 1e6 / rows:,.1f}" if done else "-",
        f"{one['wall']:,.2f}" if done else "-",
        f"{one['memory']:,.0f}",
        f"{one['requests']:,}",
        f"{one['throttled']:,}",
        whole(one, rows),
        f"{one['bytes'] / 1e6:.1f}" if "bytes" in one else "-",
    )


def whole(one, rows):
    """Says whether the result has every row once."""
    if one["exit"] != 0:
        return "**fails**"
    if one["result"] == "nothing":
        return "-"
    found, wanted = one.get("rows", 0), one.get("measured", rows)
    distinct = one.get("distinct", found)
    return "yes" if found == distinct == wanted else f"**{found:,} rows, {distinct:,} ids**"


def ratios(ones):
    """Says how many times entraql is better than the best of the others."""
    ours = next((one for one in ones if one["client"] == "entraql" and one["exit"] == 0), None)
    others = [one for one in ones if one["client"] != "entraql" and one["exit"] == 0]
    peers = [one for one in others if not one["client"].startswith("floor")]
    groups = {
        "the best peer that writes Parquet": [one for one in peers if one["result"] == "Parquet"],
        "the best peer of all": peers,
        "one call after another": [one for one in others if "after another" in one["client"]],
    }
    if not ours:
        return []
    return [ratio(ours, who, group) for who, group in groups.items() if group]


def ratio(ours, who, group):
    cpu = min(group, key=lambda one: one["cpu"])
    wall = min(group, key=lambda one: one["wall"])
    return (
        f"- against {who}: CPU 1/{cpu['cpu'] / ours['cpu']:.1f} ({cpu['client']}),"
        f" wall 1/{wall['wall'] / ours['wall']:.1f} ({wall['client']})"
    )


def line(words):
    return "| " + " | ".join(words) + " |"


def progress(one):
    """Returns one line about a client that is done."""
    place = f"{one['scenario']}: {one['client']}"
    if one["exit"] != 0:
        return f"{place}: exit {one['exit']}: {' '.join(one['log'].split())[-400:]}"
    return f"{place}: {one['cpu']:.2f} s CPU, {one['wall']:.2f} s, {one['memory']:.0f} MB, {one.get('rows')} rows"
