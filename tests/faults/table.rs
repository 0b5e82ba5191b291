//! What every script must lead to. A script that is missing here fails a test.

use entraql::ErrorKind::{
    self, Auth, Malformed, PageExpired, Permission, Rejected, Security, Throttled, Unavailable,
};

/// How a query ends whose pages the fault touches; one it does not touch never notices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The rows of a run without the fault.
    Same,
    /// The same, and the row that Graph sends twice is there twice, but for a log.
    Doubled,
    /// The same on a log, and the error elsewhere.
    Resumed(ErrorKind),
    Fails(ErrorKind),
}

/// How many requests reach Graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cost {
    /// One per page and this many more.
    Extra(usize),
    /// One per page, one more, and a few if the machine is slow.
    ExtraOrMore(usize),
    /// This many, and then the error.
    Only(usize),
    /// This many, and one more if the next page was on its way: its link came with the bad
    /// page.
    OnlyOrNext(usize),
    /// One per page and this many more on a log, which goes on from where it came to; this many
    /// and then the error on another table.
    Again(usize, usize),
    /// So many that only the waits between them say when it ends.
    Until,
}

/// How long it waits, whatever for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Wait {
    None,
    /// Each pause is what Graph asked for, plus a tenth at the most.
    Asked(f64, usize),
    /// Graph did not say how long: ten seconds for reports, one for the directory, and up to
    /// as much again.
    Unsaid,
    /// One wait of our own after a failure.
    Retry,
    /// Seven waits of our own, each longer.
    Retries,
    /// One wait of our own or more.
    SomeRetries,
    /// All the patience there is: 60 s.
    Patience,
    /// The token endpoint: between these.
    Token(f64, f64),
}

/// One line of the table.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    pub script: &'static str,
    /// The page on which it first strikes: shorter scans are not touched.
    pub page: usize,
    pub end: End,
    pub cost: Cost,
    pub wait: Wait,
    /// Requests for a token.
    pub tokens: usize,
}

use Cost::{Again, Extra, ExtraOrMore, Only, OnlyOrNext, Until};
use End::{Doubled, Fails, Resumed, Same};

/// A fault that leaves its mark on page two and costs `cost`.
const fn on_two(script: &'static str, end: End, cost: Cost, wait: Wait) -> Case {
    Case { script, page: 2, end, cost, wait, tokens: 1 }
}

const fn on_one(script: &'static str, end: End, cost: Cost, wait: Wait) -> Case {
    Case { page: 1, ..on_two(script, end, cost, wait) }
}

/// A fault that one more request heals, after a wait of our own.
const fn healed(script: &'static str) -> Case {
    on_two(script, Same, Extra(1), Wait::Retry)
}

/// Nothing a reader would notice.
const fn harmless(script: &'static str) -> Case {
    on_one(script, Same, Extra(0), Wait::None)
}

/// A refusal that is obeyed: wait, then the same request again.
const fn obeyed(script: &'static str, wait: Wait) -> Case {
    on_two(script, Same, Extra(1), wait)
}

/// A failure that lasts: eight tries of the first page.
const fn lasting(script: &'static str) -> Case {
    on_one(script, Fails(Unavailable), Only(8), Wait::Retries)
}

/// A next link that is never followed.
const fn unfollowed(script: &'static str, kind: ErrorKind) -> Case {
    on_one(script, Fails(kind), Only(1), Wait::None)
}

/// A second page that ends the query at once.
const fn fatal(script: &'static str, kind: ErrorKind) -> Case {
    on_two(script, Fails(kind), Only(2), Wait::None)
}

/// A second page whose link is sound and whose rows are not.
const fn spoiled(script: &'static str) -> Case {
    on_two(script, Fails(Malformed), OnlyOrNext(2), Wait::None)
}

/// A second page that ends the query, unless a log can be asked for the rest of its time.
const fn broken_off(script: &'static str, more: usize) -> Case {
    on_two(script, Resumed(PageExpired), Again(more, 2), Wait::None)
}

const fn tokens(case: Case, tokens: usize) -> Case {
    Case { tokens, ..case }
}

/// No token, so no request.
const fn no_token(script: &'static str, kind: ErrorKind) -> Case {
    on_one(script, Fails(kind), Only(0), Wait::None)
}

pub const TABLE: &[Case] = &[
    tokens(on_one("401_always", Fails(Auth), Only(2), Wait::None), 2),
    tokens(on_one("401_first", Same, Extra(1), Wait::None), 2),
    tokens(on_two("401_once", Same, Extra(1), Wait::None), 2),
    healed("403_license_once"),
    // A role may have been granted a moment ago, so one new token is tried.
    tokens(Case { page: 3, ..on_two("403_page_3", Fails(Permission), Only(4), Wait::None) }, 2),
    fatal("404_page_2", Rejected),
    healed("408_once"),
    broken_off("410_page_2", 4),
    on_one("429_always", Fails(Throttled), Until, Wait::Patience),
    fatal("429_date", Throttled),
    obeyed("429_date_past", Wait::Unsaid),
    fatal("429_day", Throttled),
    obeyed("429_empty", Wait::Unsaid),
    on_one("429_first", Same, Extra(1), Wait::Asked(1.0, 1)),
    obeyed("429_fraction", Wait::Asked(2.128, 1)),
    obeyed("429_garbage", Wait::Unsaid),
    fatal("429_huge", Throttled),
    obeyed("429_negative", Wait::Unsaid),
    obeyed("429_no_header", Wait::Unsaid),
    obeyed("429_seconds", Wait::Asked(7.0, 1)),
    on_two("429_thrice", Same, Extra(3), Wait::Asked(1.0, 3)),
    lasting("500_always"),
    healed("500_once"),
    healed("502_once"),
    lasting("503_always"),
    healed("503_html"),
    healed("503_plain"),
    obeyed("503_retry_after", Wait::Asked(3.0, 1)),
    healed("504_empty"),
    healed("504_once"),
    harmless("bom"),
    healed("close_before"),
    healed("cut_chunked"),
    healed("cut_close"),
    on_one("cut_close_first", Same, Extra(1), Wait::Retry),
    healed("cut_length"),
    harmless("drip"),
    on_two("drip_slow", Same, ExtraOrMore(1), Wait::SomeRetries),
    on_two("duplicate", Doubled, Extra(0), Wait::None),
    harmless("duplicate_keys"),
    on_one("empty_first", Same, Extra(1), Wait::None),
    on_two("empty_many", Same, Extra(10), Wait::None),
    on_two("empty_middle", Same, Extra(1), Wait::None),
    healed("error_200"),
    lasting("error_200_always"),
    on_one("filter_refused", Fails(Rejected), Only(1), Wait::None),
    fatal("gzip_bomb", Malformed),
    on_one("gzip_bomb_always", Fails(Malformed), Only(1), Wait::None),
    healed("gzip_checksum"),
    healed("gzip_cut"),
    harmless("gzip_good"),
    fatal("gzip_unknown", Malformed),
    on_one("html_200", Fails(Unavailable), Only(2), Wait::Retry),
    spoiled("invalid_utf8"),
    healed("json_empty"),
    healed("json_truncated"),
    lasting("json_truncated_always"),
    harmless("last_empty"),
    harmless("last_null"),
    harmless("late"),
    // Half a pair in a column nobody reads; `shape` reads it.
    harmless("lone_surrogate"),
    fatal("loop_1", Malformed),
    on_two("loop_2", Fails(Malformed), OnlyOrNext(2), Wait::None),
    harmless("nested_10"),
    harmless("nested_1000"),
    unfollowed("next_backslash", Security),
    unfollowed("next_garbage", Malformed),
    unfollowed("next_other_host", Security),
    unfollowed("next_other_port", Security),
    // Our own Graph under another path: followed, and refused there.
    on_one("next_other_resource", Fails(Rejected), Only(2), Wait::None),
    unfollowed("next_other_scheme", Security),
    unfollowed("next_other_version", Security),
    unfollowed("next_protocol_relative", Security),
    unfollowed("next_traversal", Security),
    unfollowed("next_traversal_encoded", Security),
    unfollowed("next_userinfo", Security),
    fatal("redirect", Security),
    lasting("reset_always"),
    healed("reset_before"),
    healed("reset_between"),
    healed("reset_inside"),
    broken_off("skip_token_null", 2),
    on_two("stall", Same, ExtraOrMore(1), Wait::SomeRetries),
    tokens(on_one("token_429_once", Same, Extra(0), Wait::Token(2.0, 2.2)), 2),
    tokens(on_one("token_503_once", Same, Extra(0), Wait::Token(0.5, 1.0)), 2),
    no_token("token_empty_object", Malformed),
    broken_off("token_expired_page", 2),
    no_token("token_html", Unavailable),
    no_token("token_secret_expired", Auth),
    spoiled("value_missing"),
    spoiled("value_null"),
    spoiled("value_object"),
    // Wrong values in columns nobody reads; `shape` reads them.
    harmless("wrong_exponent"),
    harmless("wrong_numbers"),
    harmless("wrong_times"),
    harmless("wrong_types"),
];
