"""Pages of Graph one after another over one connection, with nothing but the standard library."""

import http.client
import os
import re
import time
from urllib.parse import urlsplit

# Graph writes the link before the rows, so it is found without decoding a page.
LINK = re.compile(rb'"@odata\.nextLink":"([^"]+)"')


class Graph:
    def __init__(self, url):
        self.host = http.client.HTTPConnection(urlsplit(url).netloc)
        self.headers = {"Authorization": "Bearer " + os.environ["GRAPH_TOKEN"]}

    def get(self, url):
        """Returns the body of a reply; waits as long as a 429 asks."""
        target = url[url.index("/", len("http://")) :]
        while True:
            self.host.request("GET", target, headers=self.headers)
            reply = self.host.getresponse()
            body = reply.read()
            if reply.status == 200:
                return body
            if reply.status != 429:
                raise SystemExit(f"{reply.status} for {target}: {body[:300]!r}")
            time.sleep(float(reply.headers["Retry-After"]))

    def pages(self, url):
        """Yields the bytes of each page."""
        while url:
            body = self.get(url)
            yield body
            link = LINK.search(body, 0, 8192)
            url = link and link[1].decode().replace("\\/", "/")
