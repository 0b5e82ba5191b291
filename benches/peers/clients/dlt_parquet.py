"""dlt: its REST client into Parquet files; nested lists become tables of their own."""

import os
import sys

os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
os.environ["RUNTIME__LOG_LEVEL"] = "ERROR"

import dlt
from dlt.destinations import filesystem
from dlt.sources.helpers.rest_client import RESTClient
from dlt.sources.helpers.rest_client.paginators import JSONLinkPaginator

url, out = sys.argv[1:3]
columns = [name for name in os.environ.get("COLUMNS", "").split(",") if name]
cut = url.index("/v1.0/") + len("/v1.0/")
client = RESTClient(
    base_url=url[:cut],
    headers={"Authorization": "Bearer " + os.environ["GRAPH_TOKEN"]},
    paginator=JSONLinkPaginator(next_url_path="['@odata.nextLink']"),
)


@dlt.resource(name="rows", write_disposition="replace")
def rows():
    for page in client.paginate(url[cut:], data_selector="value"):
        yield [{name: row[name] for name in columns} for row in page] if columns else page


pipeline = dlt.pipeline(
    "bench",
    pipelines_dir=out + ".state",
    destination=filesystem(bucket_url="file://" + os.path.abspath(out)),
    dataset_name="bench",
)
pipeline.run(rows(), loader_file_format="parquet")
