//! Links and redirects that lead elsewhere: nobody there is ever connected to.

use std::io::ErrorKind::WouldBlock;
use std::net::TcpListener;

use entraql::ErrorKind::{Malformed, Security};

use crate::faults::rig::Rig;

const SCAN: &str = "SELECT id FROM users";

/// A listener of somebody else. It never answers; what counts is who connects.
struct Elsewhere {
    listener: TcpListener,
    port: u16,
}

impl Elsewhere {
    fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        Self { listener, port }
    }

    /// A connection is in the queue as soon as a client has made it.
    fn assert_untouched(&self, what: &str) {
        let result = self.listener.accept().map(|(_, peer)| peer);
        let kind = result.as_ref().map_err(std::io::Error::kind);
        assert_eq!(kind.unwrap_err(), WouldBlock, "somebody connected: {what}");
    }
}

/// Steps that answer `page` with a link in which PORT is the port elsewhere.
fn linking(page: usize, link: &str) -> String {
    let link = serde_json::Value::from(link);
    format!(r#"[{{"when": {{"page": {page}}}, "do": {{"page": {{"next": {link}}}}}}}]"#)
}

const LINKS: [&str; 15] = [
    "http://127.0.0.1:PORT{path}",
    "http://127.0.0.1:PORT/v1.0/users?$skiptoken=x",
    "http://{host}@127.0.0.1:PORT{path}",
    "http://{host}:x@127.0.0.1:PORT{path}",
    "//127.0.0.1:PORT{path}",
    "///127.0.0.1:PORT{path}",
    "http:\\\\127.0.0.1:PORT{path}",
    "http://127.0.0.1:PORT\\@{host}{path}",
    "http://127.1:PORT{path}",
    "http://2130706433:PORT{path}",
    "http://localhost:PORT{path}",
    "http://[::ffff:127.0.0.1]:PORT{path}",
    "HTTP://127.0.0.1.:PORT{path}",
    "http://127.0.0.1:PORT#@{host}{path}",
    "http://127.0.0.1:PORT\t{path}",
];

#[tokio::test]
async fn a_link_to_another_port_is_never_connected_to() {
    for page in [1, 2, 3] {
        for link in LINKS {
            let elsewhere = Elsewhere::open();
            let link = link.replace("PORT", &elsewhere.port.to_string());
            let rig = Rig::written(&linking(page, &link)).await;
            let error = rig.error(SCAN).await;
            assert!(matches!(error.kind(), Security | Malformed), "{link}: {error:?}");
            assert_eq!(rig.graph().len(), page, "{link}");
            elsewhere.assert_untouched(&link);
        }
    }
}

#[tokio::test]
async fn a_redirect_of_a_page_is_never_followed() {
    for status in [301, 302, 303, 307, 308] {
        let elsewhere = Elsewhere::open();
        let steps = redirect("/", status, elsewhere.port);
        let rig = Rig::written(&steps).await;
        assert_eq!(rig.error(SCAN).await.kind(), Security, "{status}");
        assert_eq!(rig.graph().len(), 1);
        elsewhere.assert_untouched(&status.to_string());
    }
}

#[tokio::test]
async fn a_redirect_of_a_token_request_never_gets_the_secret() {
    for status in [301, 302, 303, 307, 308] {
        let elsewhere = Elsewhere::open();
        let steps = redirect(&format!("/{}", entraql::sim::TENANT_ID), status, elsewhere.port);
        let rig = Rig::written(&steps).await;
        assert_eq!(rig.error(SCAN).await.kind(), Security, "{status}");
        assert_eq!((rig.tokens(), rig.graph().len()), (1, 0));
        elsewhere.assert_untouched(&status.to_string());
    }
}

fn redirect(path: &str, status: u16, port: u16) -> String {
    format!(
        r#"[{{"when": {{"path": "{path}", "times": 0}}, "do": {{"reply": {{"status": {status},
            "text": "", "headers": {{"location": "http://127.0.0.1:{port}/"}}}}}}}}]"#
    )
}

#[tokio::test]
async fn a_link_nobody_needs_is_looked_at_all_the_same() {
    let elsewhere = Elsewhere::open();
    let link = format!("http://127.0.0.1:{}{{path}}", elsewhere.port);
    let rig = Rig::written(&linking(1, &link)).await;
    assert_eq!(rig.error("SELECT id FROM users LIMIT 3").await.kind(), Security);
    elsewhere.assert_untouched(&link);
}

#[tokio::test]
async fn the_message_does_not_repeat_where_a_hostile_link_leads() {
    let rig = Rig::scripted("next_other_host").await;
    let report = format!("{:?}", rig.error(SCAN).await);
    assert!(report.contains("leaves the configured Graph origin"), "{report}");
    assert!(!report.contains("evil.example"), "{report}");
}

#[tokio::test]
async fn a_loop_of_any_length_ends_in_an_error() {
    for page in [1, 2, 3, 4] {
        for back in ["{self}", "{first}"] {
            let steps = linking(page, back).replace("}, \"do\"", ", \"times\": 0}, \"do\"");
            let rig = Rig::written(&steps).await;
            let error = rig.error(SCAN).await;
            assert_eq!(error.kind(), Malformed, "{back} on {page}: {error:?}");
            let count = rig.graph().len();
            assert!((page..=page + 1).contains(&count), "{back} on {page}: {count} requests");
        }
    }
}
