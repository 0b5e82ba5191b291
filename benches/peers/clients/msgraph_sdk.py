"""The Graph SDK for Python: typed objects, counted and dropped; it writes no file."""

import asyncio
import json
import os
import sys
from urllib.parse import urlsplit

from kiota_abstractions.authentication import AnonymousAuthenticationProvider
from msgraph import GraphRequestAdapter, GraphServiceClient


class Token(AnonymousAuthenticationProvider):
    async def authenticate_request(self, request, additional_authentication_context={}):
        request.headers.try_add("Authorization", "Bearer " + os.environ["GRAPH_TOKEN"])


async def main(url, most):
    adapter = GraphRequestAdapter(Token())
    place = urlsplit(url)
    adapter.base_url = f"{place.scheme}://{place.netloc}/v1.0"
    client = GraphServiceClient(request_adapter=adapter)
    signs = "signIns" in place.path
    builder = client.audit_logs.sign_ins if signs else client.users
    ids = []
    while url and len(ids) < most:
        page = await builder.with_url(url).get()
        ids.extend(row.id for row in page.value)
        url = page.odata_next_link
    print(json.dumps({"rows": len(ids), "distinct": len(set(ids))}))


asyncio.run(main(sys.argv[1], int(os.environ["MOST"])))
