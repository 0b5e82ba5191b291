//! Bodies: whole, cut, huge, slow, disguised.

use std::time::{Duration, Instant};

use super::{PAGE, Rig, refusal, then_page, users};
use crate::auth::testing::{Answer, head, json, reply};
use crate::error::{Error, ErrorKind};
use crate::graph::{Broken, check_json};

const JSON: &str = "Content-Type: application/json\r\n";

#[tokio::test]
async fn a_body_cut_at_any_byte_is_asked_for_again() {
    let framed = |cut: usize| {
        let mut raw = head(200, JSON, PAGE.len());
        raw.extend_from_slice(&PAGE.as_bytes()[..cut]);
        Answer::Raw(raw)
    };
    let unframed = |cut: usize| {
        let head = format!("HTTP/1.1 200 OK\r\n{JSON}Connection: close\r\n\r\n");
        Answer::Raw([head.as_bytes(), &PAGE.as_bytes()[..cut]].concat())
    };
    for cut in 0..PAGE.len() {
        let rig = Rig::new(then_page(vec![framed(cut), unframed(cut)])).await;
        let page = rig.client.get(&users()).await.unwrap();
        assert_eq!((page.body.as_slice(), rig.server.count()), (PAGE.as_bytes(), 3), "{cut}");
    }
}

#[tokio::test]
async fn what_a_decoder_calls_cut_is_tried_eight_times_and_fatal_once() {
    let rig = Rig::new(|_, _| json(200, PAGE)).await;
    let request = users();
    let cut = rig.client.get_checked(&request, |_, _| Err::<(), _>(Broken::Cut("half".into())));
    assert_eq!(cut.await.unwrap_err().kind(), ErrorKind::Unavailable);
    assert_eq!(rig.server.count(), 8);
    let last = rig.client.log().snapshot().pop().unwrap();
    assert_eq!(last.error.as_deref(), Some("not usable: half"));

    let rig = Rig::new(|_, _| json(200, PAGE)).await;
    let fatal = Error::new(ErrorKind::Decode, "no");
    let fatal = std::sync::Mutex::new(Some(fatal));
    let decode =
        |_: &[u8], _: &_| Err::<(), _>(Broken::Fatal(fatal.lock().unwrap().take().unwrap()));
    assert_eq!(
        rig.client.get_checked(&users(), decode).await.unwrap_err().kind(),
        ErrorKind::Decode
    );
    assert_eq!(rig.server.count(), 1);
}

#[tokio::test]
async fn a_decoder_sees_the_whole_body_and_gives_a_value() {
    let rig = Rig::new(|_, _| json(200, PAGE)).await;
    let request = users();
    let length = rig.client.get_checked(&request, |body, meta| {
        assert_eq!((meta.status, meta.sequence), (200, 1));
        Ok(body.len())
    });
    assert_eq!(length.await.unwrap(), PAGE.len());
}

#[tokio::test]
async fn an_error_in_a_200_counts_as_the_error_it_is() {
    let denied = refusal("Authorization_RequestDenied", "x");
    let rig = Rig::new(move |_, _| json(200, &denied)).await;
    assert_eq!(rig.client.get(&users()).await.unwrap_err().kind(), ErrorKind::Permission);

    let busy = json(200, &refusal("serviceNotAvailable", "x"));
    let rig = Rig::new(then_page(vec![busy])).await;
    assert_eq!(rig.client.get(&users()).await.unwrap().body, PAGE.as_bytes());
}

#[test]
fn only_a_complete_document_passes() {
    assert!(check_json(b"{}").is_ok() && check_json(b"[1]").is_ok());
    assert!(check_json(br#"{"value":[],"error":{}}"#).is_ok(), "a page may have such a property");
    assert!(matches!(check_json(br#"{"error":{"code":""}}"#), Err(Broken::ErrorObject)));
    for broken in [&b""[..], b"{", b"{}{", b"nope", br#"{"value":[1"#] {
        assert!(matches!(check_json(broken), Err(Broken::Cut(_))));
    }
}

#[tokio::test]
async fn a_page_that_is_html_is_a_portal() {
    let rig = Rig::new(|_, _| reply(200, "Content-Type: text/html\r\n", "<p>sign in")).await;
    let error = rig.client.get(&users()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    let wanted = "expected JSON, got text/html from 127.0.0.1; proxy or captive portal?";
    assert_eq!(error.message(), wanted);
    assert_eq!(rig.server.count(), 2);
}

#[tokio::test]
async fn a_byte_order_mark_is_taken_off() {
    let marked = format!("\u{feff}{PAGE}");
    let rig = Rig::new(move |_, _| json(200, &marked)).await;
    assert_eq!(rig.client.get(&users()).await.unwrap().body, PAGE.as_bytes());
}

#[tokio::test]
async fn compressed_bodies_are_decoded_and_a_wrong_checksum_is_not_believed() {
    let zipped = |valid| {
        reply(200, &format!("{JSON}Content-Encoding: gzip\r\n"), gzip(PAGE.as_bytes(), valid))
    };
    let rig = Rig::new(then_page(vec![zipped(false), zipped(true)])).await;
    assert_eq!(rig.client.get(&users()).await.unwrap().body, PAGE.as_bytes());
    assert_eq!(rig.server.count(), 2);
    assert!(rig.server.seen()[0].header("accept-encoding").unwrap().contains("gzip"));
}

#[tokio::test]
async fn a_gzip_bomb_stops_early() {
    let bomb = bomb(200 << 20);
    assert!(bomb.len() < 2 << 20);
    let headers = format!("{JSON}Content-Encoding: gzip\r\n");
    let rig = Rig::with(move |_, _| reply(200, &headers, &bomb), |c| c.max_body = 1 << 20).await;
    let began = Instant::now();
    let error = rig.client.get(&users()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Malformed);
    assert!(error.message().contains("`users`") && error.hint().is_some());
    assert_eq!(rig.server.count(), 1);
    assert!(began.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn an_unknown_encoding_is_refused() {
    for encoding in ["br", "gzip, gzip", "x"] {
        let headers = format!("{JSON}Content-Encoding: {encoding}\r\n");
        let rig = Rig::new(move |_, _| reply(200, &headers, PAGE)).await;
        assert_eq!(rig.client.get(&users()).await.unwrap_err().kind(), ErrorKind::Malformed);
        assert_eq!(rig.server.count(), 1);
    }
}

#[tokio::test]
async fn silence_is_not_waited_out() {
    for stalled in [Answer::Stall(Vec::new()), Answer::Stall(head(200, JSON, 99))] {
        let change =
            |c: &mut crate::graph::GraphConfig| c.read_timeout = Duration::from_millis(300);
        let rig = Rig::with(then_page(vec![stalled]), change).await;
        rig.client.get(&users()).await.unwrap();
        assert_eq!(rig.server.count(), 2);
        assert!(rig.client.log().snapshot()[0].error.as_ref().unwrap().contains("no byte for"));
    }
}

#[tokio::test]
async fn a_dripping_page_ends_at_its_deadline_or_for_its_rate() {
    let drip = || Answer::Drip(head(200, JSON, 9999), vec![b' '; 9999], Duration::from_millis(10));
    let rig =
        Rig::with(then_page(vec![drip()]), |c| c.page_deadline = Duration::from_millis(400)).await;
    rig.client.get(&users()).await.unwrap();
    assert!(rig.client.log().snapshot()[0].error.as_ref().unwrap().contains("no whole reply"));

    let slow = |c: &mut crate::graph::GraphConfig| {
        c.rate_window = Duration::from_millis(200);
        c.min_rate = 10_000;
    };
    let rig = Rig::with(then_page(vec![drip()]), slow).await;
    rig.client.get(&users()).await.unwrap();
    assert!(rig.client.log().snapshot()[0].error.as_ref().unwrap().contains("too slowly"));
}

/// One stored block.
fn gzip(data: &[u8], valid: bool) -> Vec<u8> {
    let length = u16::try_from(data.len()).unwrap();
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 1];
    out.extend(length.to_le_bytes());
    out.extend((!length).to_le_bytes());
    out.extend(data);
    let crc = crc32(data) ^ u32::from(!valid);
    out.extend(crc.to_le_bytes());
    out.extend(u32::from(length).to_le_bytes());
    out
}

fn crc32(data: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        (0..8)
            .fold(crc ^ u32::from(*byte), |c, _| (c >> 1) ^ (0xEDB8_8320 & (c & 1).wrapping_neg()))
    };
    !data.iter().fold(!0, step)
}

/// A space, repeated by matches of 258 bytes: 13 bits each.
fn bomb(size: usize) -> Vec<u8> {
    let mut bits: Vec<bool> = vec![true, true, false];
    let mut code =
        |value: u32, width: u32| bits.extend((0..width).rev().map(|i| value >> i & 1 == 1));
    code(0x30 + 0x20, 8);
    for _ in 0..size / 258 {
        code(0b1100_0101, 8);
        code(0, 5);
    }
    code(0, 7);
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let byte = |c: &[bool]| c.iter().enumerate().fold(0_u8, |b, (i, on)| b | u8::from(*on) << i);
    out.extend(bits.chunks(8).map(byte));
    out.extend([0; 8]);
    out
}
