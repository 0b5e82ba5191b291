//! The questions of `docs/requests.md`: the number of requests it says is the number sent.
//!
//! `UPDATE_DOCS=1 cargo test --test it requests::` writes the numbers; read the diff.

use std::fmt::Write;

use chrono::{DateTime, Utc};
use entraql::graph::Pacing;
use entraql::sim::{Options, WorldName};
use entraql::{Engine, Settings};

use crate::faults::rig::{graph_of, run};

const PAGE: &str = "docs/requests.md";
const COMMAND: &str = "UPDATE_DOCS=1 cargo test --test it requests::";

/// One question of the page.
#[derive(Debug)]
struct Question {
    title: String,
    sql: String,
    least: usize,
    sent: Option<usize>,
    /// Where the number stands, as a line of the page.
    line: usize,
    why: String,
}

/// Both clocks stand still, so that the demo world is the same every day.
fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_794_657_600, 0).unwrap()
}

async fn engine() -> Engine {
    let options = Options { world: WorldName::Demo, now: now(), ..Options::default() };
    let settings = Settings { pacing: Pacing::Off, now: Some(now()), ..Settings::default() };
    Engine::simulated(options, settings).await.unwrap()
}

/// Reads `Least 1, sent 2. Because of this.`
fn numbers(line: &str) -> Option<(usize, Option<usize>, &str)> {
    let (least, rest) = line.strip_prefix("Least ")?.split_once(", sent ")?;
    let (sent, why) = rest.split_once('.')?;
    Some((least.parse().ok()?, sent.parse().ok(), why.trim()))
}

fn questions(page: &str) -> Vec<Question> {
    let lines: Vec<&str> = page.lines().collect();
    let titles = lines.iter().enumerate().filter(|(_, line)| line.starts_with("### "));
    let read = |(at, title): (usize, &&str)| {
        let below = &lines[at + 1..];
        let end = below.iter().position(|line| line.starts_with('#')).unwrap_or(below.len());
        let below = &below[..end];
        let fence = |from: usize| below[from..].iter().position(|line| line.starts_with("```"));
        let begin = fence(0).unwrap_or_else(|| panic!("{title}: no statement")) + 1;
        let close = begin + fence(begin).unwrap_or_else(|| panic!("{title}: an open fence"));
        let found = below.iter().enumerate().find_map(|(i, l)| Some((i, numbers(l)?)));
        let (line, (least, sent, _)) = found.unwrap_or_else(|| panic!("{title}: no numbers"));
        let paragraph = below[line..].join(" ");
        let why = numbers(&paragraph).map(|(.., why)| why.to_owned()).unwrap_or_default();
        let title = title.trim_start_matches("### ").to_owned();
        let sql = below[begin..close].join("\n");
        Question { title, sql, least, sent, line: at + 1 + line, why }
    };
    titles.map(read).collect()
}

/// The requests a query sends.
async fn sent(engine: &Engine, sql: &str) -> usize {
    let before = graph_of(engine.simulator().unwrap()).len();
    let outcome = run(engine, sql).await;
    outcome.result.unwrap_or_else(|e| panic!("{sql}\n{e:?}"));
    let seen = graph_of(engine.simulator().unwrap()).len() - before;
    assert_eq!(seen, usize::try_from(outcome.receipt.requests).unwrap(), "the receipt: {sql}");
    seen
}

/// The sentence above the questions.
fn summary(counted: &[(Question, usize)]) -> String {
    let least = |(question, sent): &&(Question, usize)| question.least == *sent;
    let (all, fewest) = (counted.len(), counted.iter().filter(least).count());
    let sums = counted.iter().map(|(question, sent)| (question.least, *sent));
    let (possible, sent) = sums.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    format!(
        "**{fewest} of {all} send the least number of requests; all together {sent} for {possible}.**"
    )
}

/// The page with the numbers counted now.
fn rewritten(page: &str, counted: &[(Question, usize)]) -> String {
    let mut out = String::new();
    for (at, line) in page.lines().enumerate() {
        let question = counted.iter().find(|(question, _)| question.line == at);
        let below_mark =
            page.lines().nth(at.wrapping_sub(1)).is_some_and(|l| l.contains("by that test"));
        match (question, line.split_once('.')) {
            (Some((Question { least, .. }, sent)), Some((_, why))) => {
                writeln!(out, "Least {least}, sent {sent}.{why}").unwrap();
            }
            _ if below_mark => writeln!(out, "{}", summary(counted)).unwrap(),
            _ => writeln!(out, "{line}").unwrap(),
        }
    }
    out
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_question_sends_as_many_requests_as_the_page_says() {
    let page = std::fs::read_to_string(PAGE).unwrap().replace("\r\n", "\n");
    let engine = engine().await;
    let mut counted = Vec::new();
    for question in questions(&page) {
        let sent = sent(&engine, &question.sql).await;
        counted.push((question, sent));
    }
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(PAGE, rewritten(&page, &counted)).unwrap();
        return;
    }
    for (question, sent) in &counted {
        assert_eq!(question.sent, Some(*sent), "run `{COMMAND}`: {}", question.title);
        assert!(*sent >= question.least, "fewer than can be: {}", question.title);
        let told = *sent == question.least || !question.why.is_empty();
        assert!(told, "no word on why it sends more: {}", question.title);
    }
    assert_eq!(rewritten(&page, &counted), page, "run `{COMMAND}`");
    assert!(counted.len() >= 40, "{} questions", counted.len());
}

#[test]
fn the_numbers_of_a_question_are_read() {
    assert_eq!(numbers("Least 1, sent 2. Why."), Some((1, Some(2), "Why.")));
    assert_eq!(numbers("Least 3, sent ?."), Some((3, None, "")));
    assert_eq!(numbers("At least one."), None);
}
