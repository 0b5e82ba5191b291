"""Floor: the pages are fetched and thrown away."""

import sys

from pages import Graph

url = sys.argv[1]
for page in Graph(url).pages(url):
    pass
