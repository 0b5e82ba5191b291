// Takes TLS off in front of the simulator: the Graph client for JavaScript follows only https links.
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { createServer } from "node:tls";

const [port, target, key, cert] = process.argv.slice(2);
const options = { key: readFileSync(key), cert: readFileSync(cert) };
createServer(options, (client) => {
  const server = connect(Number(target), "127.0.0.1");
  client.pipe(server).pipe(client);
  client.on("error", () => server.destroy());
  server.on("error", () => client.destroy());
}).listen(Number(port), "127.0.0.1", () => console.log("ready"));
