//! The loopback server: hyper for sound replies, plain bytes for broken ones.
//!
//! It runs on a thread of its own, so that it neither needs nor disturbs the
//! runtime of the client under test.

use std::convert::Infallible;
use std::future::poll_fn;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

use crate::error::{Error, ErrorKind, Result};
use crate::sim::damage::{self, Answer, Raw};
use crate::sim::fault::{Action, FaultScript};
use crate::sim::gate::Gate;
use crate::sim::graph::Graph;
use crate::sim::query::is_skip_token;
use crate::sim::reply::{Fail, Reply};
use crate::sim::request::Request;
use crate::sim::skip::Skip;

/// Milliseconds after which a request that waits for others is answered without them.
const GATHER_MS: u64 = 10_000;
/// Where the simulator tells how many requests it has seen; asking is none of them.
const COUNTS: &str = "/simulator/counts";

/// A broken reply waiting for hyper to let go of the connection.
type Pending = Arc<Mutex<Option<Raw>>>;

/// Opens the port.
pub(crate) fn bind(port: u16) -> Result<std::net::TcpListener> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let open = || {
        let listener = std::net::TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        Ok::<_, std::io::Error>(listener)
    };
    open().map_err(|error| {
        Error::new(ErrorKind::Config, format!("the simulator cannot listen on {address}"))
            .with_hint("choose another port, or 0 for any free one")
            .with_source(error)
    })
}

/// Serves until the sender is dropped.
pub(crate) fn run(
    graph: Arc<Graph>,
    listener: std::net::TcpListener,
) -> Result<oneshot::Sender<Infallible>> {
    let (stop, stopped) = oneshot::channel();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| broken("the simulator has no runtime", error))?;
    let serve = move || {
        runtime.block_on(async {
            tokio::select! {
                () = accept(graph, listener) => {}
                _ = stopped => {}
            }
        });
    };
    let thread = std::thread::Builder::new().name("entraql-sim".to_owned());
    thread.spawn(serve).map_err(|error| broken("the simulator has no thread", error))?;
    Ok(stop)
}

fn broken(message: &str, error: std::io::Error) -> Error {
    Error::new(ErrorKind::Internal, message).with_source(error)
}

async fn accept(graph: Arc<Graph>, listener: std::net::TcpListener) {
    let Ok(listener) = TcpListener::from_std(listener) else { return };
    loop {
        // A connection that failed before it was accepted is the peer's matter.
        if let Ok((stream, _)) = listener.accept().await {
            let _ = stream.set_nodelay(true);
            tokio::spawn(connection(Arc::clone(&graph), stream));
        }
    }
}

async fn connection(graph: Arc<Graph>, stream: TcpStream) {
    let pending = Pending::default();
    let service =
        service_fn(|request| Box::pin(serve(Arc::clone(&graph), request, Arc::clone(&pending))));
    let mut http = http1::Builder::new();
    let mut connection = http.half_close(true).serve_connection(TokioIo::new(stream), service);
    // Errors of a connection are either faults on purpose or the client leaving.
    let _ = poll_fn(|context| connection.poll_without_shutdown(context)).await;
    let raw = pending.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(raw) = raw {
        write_raw(connection.into_parts().io.into_inner(), raw).await;
    }
}

/// Ends a request that is answered outside hyper.
#[derive(Debug)]
struct Outside;

impl std::fmt::Display for Outside {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("answered outside hyper")
    }
}

impl std::error::Error for Outside {}

async fn serve(
    graph: Arc<Graph>,
    request: hyper::Request<Incoming>,
    pending: Pending,
) -> std::result::Result<hyper::Response<Full<Bytes>>, Outside> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(|_| Outside)?.to_bytes();
    let text =
        |value: &hyper::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let request = Request {
        method: head.method.as_str().to_owned(),
        target: head.uri.path_and_query().map_or("/", |target| target.as_str()).to_owned(),
        headers: head.headers.iter().map(|(n, v)| (n.as_str().to_owned(), text(v))).collect(),
        body: body.to_vec(),
        in_batch: false,
    };
    if request.target == COUNTS {
        return Ok(response(Reply::json(200, graph.journal.counts().to_string())));
    }
    let _open = graph.journal.open();
    let (answer, delay) = answer(&graph, &request);
    delay.over().await;
    match answer {
        Answer::Reply(reply) => Ok(response(reply)),
        Answer::Raw(raw) => {
            *pending.lock().unwrap_or_else(PoisonError::into_inner) = Some(raw);
            Err(Outside)
        }
    }
}

/// Answers a request and says when the reply leaves.
fn answer(graph: &Graph, request: &Request) -> (Answer, Delay) {
    let number = graph.journal.arrive(request);
    let ids = graph.ids(request);
    let faults = graph.options.faults.as_ref();
    let act =
        |script: &FaultScript| script.act(request.path(), request.query(), page_number(request));
    let action = faults.and_then(act);
    let mut reply = match &action {
        Some(Action::Reply(canned)) => damage::canned(canned, &ids),
        Some(Action::Revoke {}) => {
            graph.tokens.revoke();
            Fail::unauthorized("Lifetime validation failed, the token is expired.").into_reply(&ids)
        }
        Some(Action::Page(edit)) => graph.answer(request, &ids, Some(edit)),
        _ => graph.answer(request, &ids, None),
    };
    reply.set("request-id", ids.request.clone());
    reply.set("client-request-id", ids.client.clone());
    if reply.header("date").is_none() {
        reply.set("date", ids.date.format("%a, %d %b %Y %H:%M:%S GMT").to_string());
    }
    let (status, refused) = (reply.status, reply.refused.take());
    let answer = damage::finish(action.as_ref(), reply);
    let silent = matches!(&answer, Answer::Raw(raw) if raw.bytes.is_empty());
    graph.journal.answer(number, if silent { 0 } else { status }, refused);
    let ms = graph.options.latency_ms;
    let delay = match action {
        Some(Action::Delay { ms: late }) => Delay { ms: ms + late, gate: None },
        Some(Action::Gather { requests, gate }) => Delay { ms, gate: Some((gate, requests)) },
        _ => Delay { ms, gate: None },
    };
    (answer, delay)
}

/// When a reply leaves.
struct Delay {
    ms: u64,
    /// With how many others.
    gate: Option<(Gate, usize)>,
}

impl Delay {
    async fn over(self) {
        pause(self.ms).await;
        if let Some((gate, requests)) = self.gate {
            tokio::select! {
                () = gate.wait(requests) => {}
                // Those who come alone find out that nobody else does.
                () = pause(GATHER_MS) => {}
            }
        }
    }
}

/// Returns the number of the page a request asks for.
fn page_number(request: &Request) -> usize {
    let parts = request.query().split('&').filter_map(|part| part.split_once('='));
    let mut tokens = parts.filter(|(name, _)| is_skip_token(&name.replace("%24", "$")));
    tokens.next().and_then(|(_, token)| Skip::read(token)).map_or(1, |skip| skip.page)
}

fn response(reply: Reply) -> hyper::Response<Full<Bytes>> {
    let mut builder = hyper::Response::builder().status(reply.status);
    for (name, value) in &reply.headers {
        builder = builder.header(name, value);
    }
    let body = Full::new(reply.body);
    // A header that HTTP does not allow can only come from a fault script.
    builder.body(body).unwrap_or_else(|_| hyper::Response::new(Full::default()))
}

async fn write_raw(mut stream: TcpStream, raw: Raw) {
    let (size, wait) = raw.drip.unwrap_or((usize::MAX, 0));
    for chunk in raw.bytes.chunks(size.min(raw.bytes.len().max(1))) {
        if stream.write_all(chunk).await.is_err() {
            return;
        }
        pause(wait).await;
    }
    if raw.reset {
        // The client must have read what was sent before the reset discards it.
        pause(20).await;
        let _ = stream.set_zero_linger();
    } else {
        let _ = stream.shutdown().await;
    }
}

/// Waiting is the point here: the simulator plays a slow service.
#[expect(clippy::disallowed_methods, reason = "no client waits here")]
async fn pause(ms: u64) {
    if ms > 0 {
        tokio::time::sleep(Duration::from_millis(ms)).await;
    }
}
