// The Graph client for JavaScript: plain objects, counted and dropped; it writes no file.
import { createRequire } from "node:module";

const require = createRequire(process.env.NODE_HOME + "/");
const { Client, PageIterator } = require("@microsoft/microsoft-graph-client");

const url = new URL(process.argv[2]);
const client = Client.initWithMiddleware({
  baseUrl: url.origin + "/",
  customHosts: new Set([url.hostname]),
  authProvider: { getAccessToken: async () => process.env.GRAPH_TOKEN },
});
const ids = [];
const first = await client.api(url.pathname.replace("/v1.0", "") + url.search).version("v1.0").get();
const iterator = new PageIterator(client, first, (row) => ids.push(row.id) > 0);
await iterator.iterate();
console.log(JSON.stringify({ rows: ids.length, distinct: new Set(ids).size }));
