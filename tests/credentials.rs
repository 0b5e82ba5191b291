//! Credentials other than a secret, against a simulator that verifies what it is shown.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use entraql::sim::{CLIENT_ID, CLIENT_SECRET, Federation, Options, Simulator, TENANT_ID};
use ring::rand::SystemRandom;
use ring::rsa::KeyPair;
use ring::signature::RSA_PKCS1_SHA256;
use serde_json::{Value, json};

use crate::cli::{entraql, fails, simulator, text};

const APP: &str = include_str!("../fixtures/keys/app.pem");
const OTHER: &str = include_str!("../fixtures/keys/other.pem");
const ISSUER: &str = "https://issuer.example";
const SUBJECT: &str = "system:serviceaccount:hunting:entraql";

/// The moment the simulator takes for now.
fn now() -> DateTime<Utc> {
    Options::default().now
}

fn der(pem: &str, label: &str) -> Vec<u8> {
    let (begin, end) = (format!("-----BEGIN {label}-----"), format!("-----END {label}-----"));
    let body = pem.split(&begin).nth(1).unwrap().split(&end).next().unwrap();
    BASE64_STANDARD.decode(body.replace('\n', "")).unwrap()
}

/// Trusts the certificate of `app.pem`, and workloads that `other.pem` vouches for.
fn trusting(options: Options) -> Simulator {
    let federation = Federation {
        issuer: ISSUER.into(),
        subject: SUBJECT.into(),
        certificate: der(OTHER, "CERTIFICATE"),
    };
    simulator(Options {
        certificates: vec![der(APP, "CERTIFICATE")],
        federation: Some(federation),
        ..options
    })
}

fn run(simulator: &Simulator) -> Command {
    let mut command = entraql(&["-qc", "SELECT id FROM users LIMIT 1", "--format", "csv"]);
    command
        .env("AZURE_TENANT_ID", TENANT_ID)
        .env("AZURE_CLIENT_ID", CLIENT_ID)
        .env("AZURE_AUTHORITY_HOST", simulator.origin())
        .env("ENTRAQL_GRAPH_URL", simulator.origin());
    command
}

#[track_caller]
fn answers(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(text(&output.stdout).lines().count(), 2);
}

fn private(content: impl AsRef<[u8]>) -> tempfile::NamedTempFile {
    // Made with mode 0600.
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), content).unwrap();
    file
}

#[test]
fn a_certificate_signs_in() {
    let simulator = trusting(Options::default());
    let pem = private(APP);
    answers(run(&simulator).env("AZURE_CLIENT_CERTIFICATE_PATH", pem.path()));
    // Twice in a row: an assertion is not used again.
    answers(run(&simulator).env("AZURE_CLIENT_CERTIFICATE_PATH", pem.path()));
}

#[test]
fn a_certificate_the_app_does_not_know_is_refused_with_the_way_to_upload_it() {
    let simulator = trusting(Options::default());
    let pem = private(OTHER);
    let output = run(&simulator).env("AZURE_CLIENT_CERTIFICATE_PATH", pem.path()).output().unwrap();
    fails(&output, 3, &["AADSTS700027", "upload this certificate"]);
    assert_eq!(simulator.seen().len(), 1, "a refused credential is never tried twice");
}

#[test]
fn a_clock_that_is_wrong_shows_in_the_error() {
    for minutes in [-20, 20] {
        let now = now() + TimeDelta::minutes(minutes);
        let simulator = trusting(Options { now, ..Options::default() });
        let pem = private(APP);
        let mut command = run(&simulator);
        let output = command.env("AZURE_CLIENT_CERTIFICATE_PATH", pem.path()).output().unwrap();
        fails(&output, 3, &["AADSTS700024", "clock"]);
    }
}

/// A token as Kubernetes would write it.
fn federated(key: &str, subject: &str, seconds: i64) -> String {
    let key = KeyPair::from_pkcs8(&der(key, "PRIVATE KEY")).unwrap();
    let claims = json!({
        "iss": ISSUER, "sub": subject, "aud": "api://AzureADTokenExchange",
        "exp": now().timestamp() + seconds,
    });
    let parts = [json!({ "alg": "RS256" }), claims];
    let parts = parts.map(|part| BASE64_URL_SAFE_NO_PAD.encode(part.to_string()));
    let signed = parts.join(".");
    let mut signature = vec![0; key.public().modulus_len()];
    let random = SystemRandom::new();
    key.sign(&RSA_PKCS1_SHA256, &random, signed.as_bytes(), &mut signature).unwrap();
    format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))
}

#[test]
fn a_workload_signs_in_with_the_token_it_was_given() {
    let simulator = trusting(Options::default());
    let token = private(federated(OTHER, SUBJECT, 3600));
    answers(run(&simulator).env("AZURE_FEDERATED_TOKEN_FILE", token.path()));
    let refused = [
        (federated(APP, SUBJECT, 3600), "AADSTS500133"),
        (federated(OTHER, "system:serviceaccount:other:entraql", 3600), "AADSTS700213"),
        (federated(OTHER, SUBJECT, -3600), "AADSTS700024"),
    ];
    for (token, code) in refused {
        let file = private(&token);
        let output = run(&simulator).env("AZURE_FEDERATED_TOKEN_FILE", file.path()).output();
        let output = output.unwrap();
        fails(&output, 3, &[code]);
        assert!(!text(&output.stderr).contains(&token[..20]), "the token came out");
    }
    let mut command = run(&simulator);
    let output = command.env("AZURE_FEDERATED_TOKEN_FILE", "/no/such/token").output().unwrap();
    fails(&output, 3, &["/no/such/token", "federated token"]);
}

/// An `az` of the test's own, first on the path.
#[cfg(all(unix, feature = "azure-identity"))]
fn with_az(simulator: &Simulator, script: &str) -> (tempfile::TempDir, Command) {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("az");
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = run(simulator);
    let search = format!("{}:/usr/bin:/bin", folder.path().display());
    command.env("PATH", search).env("ENTRAQL_CREDENTIAL", "az").env_remove("AZURE_CLIENT_ID");
    (folder, command)
}

#[cfg(all(unix, feature = "azure-identity"))]
#[test]
fn az_is_asked_for_a_token_of_this_tenant_and_sees_no_secret() {
    let simulator = trusting(Options::default());
    let script = format!(
        "echo \"$@ [$AZURE_CLIENT_SECRET]\" >> \"$0.log\"\n\
         echo '{{\"accessToken\":\"az-token\",\"expires_on\":{},\"tokenType\":\"Bearer\"}}'",
        now().timestamp() + 3600
    );
    let (folder, mut command) = with_az(&simulator, &script);
    let output = command.env("AZURE_CLIENT_SECRET", "hidden").output().unwrap();
    // The simulator has not issued that token: it is refused, and asked for once more.
    fails(&output, 3, &["does not accept the token"]);
    assert!(simulator.seen().iter().all(|seen| seen.target.starts_with("/v1.0/users")));
    let log = fs::read_to_string(folder.path().join("az.log")).unwrap();
    let line = format!(
        "account get-access-token -o json --scope {}/.default --tenant {TENANT_ID} []\n",
        simulator.origin()
    );
    assert_eq!(log, line.repeat(2));
    assert!(!text(&output.stderr).contains("az-token"));
}

/// A token the simulator has issued, to somebody who knows the secret.
#[cfg(feature = "azure-identity")]
fn issued(simulator: &Simulator) -> String {
    let form = format!(
        "grant_type=client_credentials&client_id={CLIENT_ID}&client_secret={CLIENT_SECRET}\
         &scope=https%3A%2F%2Fgraph.microsoft.com%2F.default"
    );
    let head = format!(
        "POST /{TENANT_ID}/oauth2/v2.0/token HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\
         Content-Length: {}\r\n\r\n",
        form.len()
    );
    let address = simulator.origin().replace("http://", "");
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(format!("{head}{form}").as_bytes()).unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    let body: Value = serde_json::from_str(&reply[reply.find('{').unwrap()..]).unwrap();
    body["access_token"].as_str().unwrap().to_owned()
}

#[cfg(all(unix, feature = "azure-identity"))]
#[test]
fn a_token_of_az_reads_rows() {
    let simulator = trusting(Options::default());
    let script = format!(
        "echo '{{\"accessToken\":\"{}\",\"expires_on\":{},\"tokenType\":\"Bearer\"}}'",
        issued(&simulator),
        now().timestamp() + 3600
    );
    let (_folder, mut command) = with_az(&simulator, &script);
    answers(&mut command);
}

/// The endpoint is one as App Service has it.
#[cfg(feature = "azure-identity")]
#[test]
fn a_managed_identity_reads_rows() {
    let simulator = trusting(Options::default());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}/msi/token", listener.local_addr().unwrap());
    let body = json!({
        "access_token": issued(&simulator), "token_type": "Bearer",
        "resource": simulator.origin(), "expires_on": (now().timestamp() + 3600).to_string(),
    })
    .to_string();
    let asked = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut asked = Vec::new();
        while !asked.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            asked.extend(byte);
        }
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\
             Content-Length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(format!("{head}{body}").as_bytes()).unwrap();
        text(&asked)
    });
    let mut command = run(&simulator);
    command
        .env("ENTRAQL_CREDENTIAL", "managed-identity")
        .env("IDENTITY_ENDPOINT", endpoint)
        .env("IDENTITY_HEADER", "the-header");
    answers(&mut command);
    let asked = asked.join().unwrap();
    assert!(asked.starts_with("GET /msi/token?"), "{asked}");
    assert!(asked.contains("the-header") && asked.contains(CLIENT_ID), "{asked}");
}

#[cfg(all(unix, feature = "azure-identity"))]
#[test]
fn an_az_that_gives_no_token_says_why() {
    let simulator = trusting(Options::default());
    let refused = "echo \"ERROR: Please run 'az login' to setup account.\" >&2; exit 1";
    let (_folder, mut command) = with_az(&simulator, refused);
    fails(&command.output().unwrap(), 3, &["az", "Please run 'az login'"]);
    let known = "echo 'ERROR: AADSTS700082: The refresh token has expired' >&2; exit 1";
    let (_folder, mut command) = with_az(&simulator, known);
    fails(&command.output().unwrap(), 3, &["AADSTS700082"]);
    let (_folder, mut command) = with_az(&simulator, "echo 'no JSON'");
    fails(&command.output().unwrap(), 3, &["az login"]);
    let (folder, mut command) = with_az(&simulator, "");
    fs::remove_file(folder.path().join("az")).unwrap();
    command.env("PATH", folder.path());
    fails(&command.output().unwrap(), 3, &["az", "install the Azure CLI"]);
    assert_eq!(simulator.seen().len(), 0);
}

#[cfg(unix)]
#[test]
fn a_key_that_lies_open_is_not_used() {
    use std::os::unix::fs::PermissionsExt;

    let simulator = trusting(Options::default());
    let pem = private(APP);
    fs::set_permissions(pem.path(), fs::Permissions::from_mode(0o644)).unwrap();
    let output = run(&simulator).env("AZURE_CLIENT_CERTIFICATE_PATH", pem.path()).output().unwrap();
    fails(&output, 3, &["chmod 600"]);
    assert_eq!(simulator.seen().len(), 0);
}
