//! Neither the client secret nor a token comes out anywhere, in no form.

use std::fmt::Debug;
use std::sync::Arc;

use entraql::sim::{CLIENT_SECRET, FaultScript, TENANT_ID};
use entraql::{Engine, Secret, Settings, Tenant};

use crate::faults::rig::{Rig, run, settings, tenant};

/// A secret with everything that is escaped somewhere.
const AWKWARD: &str = "c4n4ry~Q8+/=%&\"\\ é_x";

/// Every token of the simulator begins like this: `{"typ":"JWT","alg":"none"}`.
const TOKEN: &str = "eyJ0eXAiOiJKV1QiLCJhbGciOiJub25lIn0";

const QUERIES: [&str; 6] = [
    "SELECT id FROM sign_ins",
    "SELECT * FROM users",
    "SELECT raw FROM groups",
    "EXPLAIN ANALYZE SELECT id FROM users WHERE department IS NOT NULL",
    "EXPLAIN VERBOSE SELECT id FROM sign_ins",
    "SELECT * FROM meta.requests",
];

/// Everything a run leaves behind that somebody may read.
#[derive(Default)]
struct Sweep(String);

impl Sweep {
    fn add(&mut self, text: impl AsRef<str>) {
        self.0.push_str(text.as_ref());
        self.0.push('\n');
    }

    fn debug(&mut self, value: &impl Debug) {
        self.add(format!("{value:?}"));
        self.add(format!("{value:#?}"));
    }

    async fn queries(&mut self, engine: &Engine) {
        for sql in QUERIES {
            let outcome = run(engine, sql).await;
            self.debug(&outcome.receipt);
            self.add(outcome.receipt.to_string());
            self.add(outcome.receipt.to_json());
            match outcome.result {
                Ok(rows) => self.debug(&rows),
                Err(error) => {
                    self.debug(&error);
                    self.add(error.to_string());
                    self.debug(&error.context());
                }
            }
        }
        self.debug(engine);
        self.debug(&engine.client());
        self.debug(&engine.client().unwrap().log().snapshot());
    }

    /// Fails when a secret is inside, as it is or encoded.
    fn assert_clean(&self, secret: &str, what: &str) {
        assert!(self.0.len() > 1_000, "{what}: nothing was collected");
        for form in forms(secret) {
            assert!(!self.0.contains(&form), "{what}: {form} came out");
        }
    }
}

/// The forms a secret could come out in.
fn forms(secret: &str) -> Vec<String> {
    let json = serde_json::Value::from(secret).to_string();
    let mut forms =
        vec![secret.to_owned(), percent(secret), json.trim_matches('"').to_owned(), hex(secret)];
    for shift in 0..3 {
        let text = base64(&[&vec![b'x'; shift], secret.as_bytes()].concat());
        // The ends mix with what stands around the secret.
        forms.push(text[4..text.len() - 4].to_owned());
    }
    forms
}

fn percent(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    text.bytes()
        .map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

fn hex(text: &str) -> String {
    text.bytes().fold(String::new(), |out, b| out + &format!("{b:02x}"))
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let byte = |i: usize| u32::from(chunk.get(i).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        out.extend((0..4).map(|i| char::from(ALPHABET[(bits >> (18 - 6 * i)) as usize & 63])));
    }
    out
}

#[test]
fn the_sweep_finds_what_is_planted() {
    for form in forms(CLIENT_SECRET).into_iter().chain(forms(AWKWARD)) {
        assert!(form.len() >= 12, "{form} would be found by chance");
    }
    let planted =
        Sweep(format!("{}{}", "-".repeat(2_000), base64(format!("a:{TOKEN}").as_bytes())));
    assert!(std::panic::catch_unwind(|| planted.assert_clean(TOKEN, "planted")).is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_fault_brings_a_secret_or_a_token_to_light() {
    // Three scripts that only take time.
    let slow = ["stall", "drip_slow", "429_always"];
    for script in FaultScript::names().into_iter().filter(|name| !slow.contains(name)) {
        let rig = Rig::scripted(script).await;
        let mut sweep = Sweep::default();
        sweep.queries(&rig.engine).await;
        sweep.assert_clean(CLIENT_SECRET, script);
        sweep.assert_clean(TOKEN, script);
    }
}

#[tokio::test]
async fn a_refused_secret_does_not_come_out_in_its_own_error() {
    let rig = Rig::sound().await;
    let tenant =
        Tenant { credential: Secret::new(AWKWARD).into(), ..tenant(&rig.simulator().origin()) };
    let mut sweep = Sweep::default();
    sweep.debug(&tenant);
    let engine = Engine::open_with(tenant, settings()).await.unwrap();
    sweep.queries(&engine).await;
    sweep.assert_clean(AWKWARD, "a wrong secret");
    assert!(sweep.0.contains("7000215"), "the error was not collected");
}

/// A token endpoint that answers with the secret in its description.
fn echoing(status: u16, code: u32, echo: &str) -> String {
    let body = serde_json::json!({
        "error": "invalid_client",
        "error_description": format!("AADSTS{code}: what is {echo} supposed to be?"),
    });
    let reply = serde_json::json!({
        "status": status, "text": body.to_string(), "content_type": "application/json",
    });
    format!(r#"[{{"when": {{"path": "/{TENANT_ID}", "times": 0}}, "do": {{"reply": {reply}}}}}]"#)
}

#[tokio::test]
async fn a_secret_the_authority_repeats_does_not_come_out() {
    for status in [400, 401, 500] {
        // A number we have no words for brings Microsoft's to the user.
        for code in [7_000_215, 999_999] {
            for echo in [AWKWARD.to_owned(), percent(AWKWARD)] {
                let rig = Rig::written(&echoing(status, code, &echo)).await;
                let tenant = tenant(&rig.simulator().origin());
                let tenant = Tenant { credential: Secret::new(AWKWARD).into(), ..tenant };
                let settings = Settings { clock: Arc::clone(&rig.clock) as _, ..settings() };
                let engine = Engine::open_with(tenant, settings).await.unwrap();
                let mut sweep = Sweep::default();
                sweep.queries(&engine).await;
                sweep.assert_clean(AWKWARD, &format!("{status} {code} with {echo}"));
                assert_eq!(code == 999_999, sweep.0.contains("what is *** supposed"));
            }
        }
    }
}

#[tokio::test]
async fn settings_and_tenants_print_no_secret() {
    let mut sweep = Sweep("-".repeat(1_000));
    sweep.debug(&tenant("http://127.0.0.1:9"));
    sweep.debug(&settings());
    sweep.add(Secret::new(CLIENT_SECRET).to_string());
    sweep.assert_clean(CLIENT_SECRET, "settings");
}
