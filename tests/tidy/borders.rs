//! What only some rooms may do: print, wait, connect, listen, read secrets.

use crate::tidy::rule::{hold, never, only, positions};
use crate::tidy::source::Source;

/// Rooms that compute and do nothing else.
const PURE: &[&str] = &["spec", "tables", "odata", "decode", "json", "functions", "ocsf"];

#[test]
fn only_cli_repl_and_output_print() {
    hold(
        only(
            // The file that starts programs reads what they print.
            &["cli", "repl", "output", "src/auth/program.rs"],
            &["print!", "println!", "eprint!", "eprintln!", "stdout(", "stderr("],
        ),
        &[
            ("src/graph/log.rs", "fn f() { println!() }"),
            ("src/engine/mod.rs", "fn f() { std::io::stderr().lock(); }"),
        ],
        &[("src/cli/mod.rs", "fn f() { println!() }"), ("src/graph/log.rs", "// println!()")],
    );
}

#[test]
fn only_config_env_reads_the_environment() {
    hold(
        only(&["src/config/env.rs"], &["env::var", "env::vars", "env::set_var", "env::remove_var"]),
        &[("src/auth/mod.rs", "fn f() { std::env::var_os(NAME); }")],
        &[
            ("src/config/env.rs", "fn f() { std::env::var(NAME); }"),
            ("src/auth/http.rs", "const V: &str = env!(\"CARGO_PKG_VERSION\");"),
        ],
    );
}

#[test]
fn only_auth_and_graph_open_connections() {
    hold(
        connects,
        &[
            ("src/provider/exec.rs", "fn f(c: reqwest::Client) {}"),
            ("src/sim/server.rs", "fn f() { TcpStream::connect(a) }"),
        ],
        &[
            ("src/config/tenant.rs", "use reqwest::Url;"),
            ("src/graph/send.rs", "fn f(c: reqwest::Client) {}"),
            ("src/sim/server.rs", "fn f(s: TcpStream) {}"),
        ],
    );
}

/// Parsing a URL opens nothing.
fn connects(source: &Source) -> Vec<String> {
    if ["auth", "graph"].contains(&source.room()) {
        return Vec::new();
    }
    let code = &source.product;
    let clients = positions(code, "reqwest").filter(|at| !code[*at..].starts_with("reqwest::Url"));
    let sockets = ["TcpStream::connect", "UdpSocket", "UnixStream", "hyper::client"];
    let sockets = sockets.into_iter().flat_map(|word| positions(code, word));
    clients.chain(sockets).map(|at| source.at(at, "only auth and graph connect")).collect()
}

#[test]
fn only_the_simulator_listens() {
    hold(
        only(&["sim"], &["TcpListener", "UnixListener"]),
        &[("src/engine/demo.rs", "fn f() { std::net::TcpListener::bind(a) }")],
        &[
            ("src/sim/server.rs", "fn f() { TcpListener::bind(a) }"),
            ("src/auth/testing.rs", "fn f() { TcpListener::bind(a) }"),
        ],
    );
}

#[test]
fn the_simulator_listens_on_loopback_only() {
    hold(
        never(&["sim"], &["UNSPECIFIED", "Ipv6Addr"]),
        &[("src/sim/server.rs", "fn f() { bind((Ipv4Addr::UNSPECIFIED, 0)) }")],
        &[("src/sim/server.rs", "fn f() { bind((Ipv4Addr::LOCALHOST, 0)) }")],
    );
}

#[test]
fn a_request_writes_nothing() {
    hold(
        never(
            &["auth", "graph"],
            &[".put(", ".patch(", ".delete(", "Method::PUT", "Method::PATCH", "Method::DELETE"],
        ),
        &[("src/graph/client.rs", "fn f() { http.patch(url) }")],
        &[("src/graph/client.rs", "fn f() { http.get(url) }")],
    );
}

/// The token request, `$batch` of GETs and `getByIds`: Graph has no GET for these.
#[test]
fn only_two_files_post() {
    hold(
        only(&["src/auth/client_credentials.rs", "src/graph/send.rs"], &[".post(", "Method::POST"]),
        &[("src/graph/client.rs", "fn f() { http.post(url) }")],
        &[("src/graph/send.rs", "fn f() { http.post(url) }")],
    );
}

#[test]
fn only_auth_and_graph_wait_and_do_so_by_the_clock() {
    hold(
        only(&["auth", "graph"], &[".sleep("]),
        &[("src/provider/stream.rs", "fn f() { clock.sleep(wait, why) }")],
        &[("src/graph/throttle.rs", "fn f() { clock.sleep(wait, why) }")],
    );
    // The simulator plays a slow service.
    hold(
        only(&["src/auth/clock.rs", "sim"], &["time::sleep", "thread::sleep", "time::interval"]),
        &[("src/graph/retry.rs", "fn f() { tokio::time::sleep(wait) }")],
        &[("src/auth/clock.rs", "fn f() { tokio::time::sleep(wait) }")],
    );
}

/// The clock, a session of somebody else's, and the world of the simulator.
#[test]
fn only_three_files_ask_for_the_date() {
    hold(
        only(
            &["src/auth/clock.rs", "src/provider/exec.rs", "src/sim/options.rs"],
            &["Utc::now", "Local::now", "SystemTime::now"],
        ),
        &[("src/engine/query.rs", "fn f() { chrono::Utc::now() }")],
        &[("src/auth/clock.rs", "fn f() { chrono::Utc::now() }")],
    );
}

#[test]
fn a_secret_is_revealed_in_auth_and_graph_only() {
    hold(
        only(&["auth", "graph"], &[".reveal(", "Secret::reveal"]),
        &[
            ("src/engine/tenant.rs", "fn f(s: Secret) { s.reveal() }"),
            ("src/cli/connect.rs", "fn f(s: Option<Secret>) { s.as_ref().map(Secret::reveal) }"),
        ],
        &[("src/graph/send.rs", "fn f(s: Secret) { s.reveal() }")],
    );
}

/// Both keep secrets from what they start.
#[test]
fn only_two_files_start_other_programs() {
    const FILES: &[&str] = &["src/auth/program.rs", "src/repl/program.rs"];
    hold(
        only(FILES, &["process::Command", "Command::new("]),
        &[("src/auth/mod.rs", "fn f() { std::process::Command::new(az) }")],
        &[("src/repl/command.rs", "const COMMANDS: &[Command] = &[Command { name }];")],
    );
}

#[test]
fn pure_rooms_hold_no_async_code_and_do_no_io() {
    hold(
        never(
            PURE,
            &[
                "async ",
                "await",
                "tokio",
                "reqwest",
                "std::fs",
                "std::io",
                "std::net",
                "std::env",
                "std::process",
                "std::thread",
            ],
        ),
        &[
            ("src/spec/table.rs", "async fn f() {}"),
            ("src/tables/users.rs", "use std::fs;"),
            ("src/odata/query.rs", "fn f() { tokio::spawn(g()) }"),
            ("src/decode/page.rs", "fn f() { g().await }"),
        ],
        &[
            ("src/tables/mod.rs", "#[cfg(test)]\nmod tests { async fn f() {} }"),
            ("src/graph/send.rs", "async fn f() {}"),
        ],
    );
}

#[test]
fn tables_are_data() {
    hold(
        functions_in_tables,
        &[
            ("src/tables/users.rs", "fn rows() {}"),
            ("src/tables/mod.rs", "fn rows() {}"),
            ("src/tables/users.rs", "macro_rules! column { () => {} }"),
            ("src/tables/users.rs", "impl Users {}"),
        ],
        &[
            ("src/tables/mod.rs", "pub fn find(name: &str) {}"),
            ("src/tables/users.rs", "const TABLE: TableSpec = TableSpec::collection();"),
            ("src/spec/table.rs", "fn rows() {}"),
        ],
    );
}

fn functions_in_tables(source: &Source) -> Vec<String> {
    if source.room() != "tables" {
        return Vec::new();
    }
    let code = source.product.replace("fn find(", "        ");
    let words = ["fn ", "impl ", "macro_rules!", "static mut"];
    let found = words.into_iter().flat_map(|word| positions(&code, word));
    found.map(|at| source.at(at, "a table is a value; machinery lives in `provider`")).collect()
}
