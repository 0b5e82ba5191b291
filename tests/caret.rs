//! The caret of an error stands under its token, whatever stands before it.

use entraql::output::{Style, report};
use entraql::{Engine, Error};
use unicode_width::UnicodeWidthStr;

/// Pieces of a query before the mistake: multi-line, multi-byte, wide, with tabs and with
/// everything that could be taken for something else.
const BEFORE: &[&str] = &[
    "1 AS one,",
    "\n",
    "\t",
    "'é; -- no',",
    "'日本\n語',",
    "-- a ' comment 👩\n",
    "/* user_nam\n; */",
    "1 AS \"größe\",",
    "\r\n",
    "'it''s nope' AS \"käse\",",
    "'👍🏽',",
    "count(*) OVER (),",
    "  ",
];

/// The first item of a query, the rest of it, and the token that is wrong.
const MISTAKES: &[(&str, &str, &str)] = &[
    ("user_nam", " FROM users", "user_nam"),
    ("user_nam", ", 1 FROM users u WHERE u.id = 'x'", "user_nam"),
    ("cuont", "(id) FROM users", "cuont"),
    ("1", " FROM users WHERE id GROUP", "GROUP"),
    ("id", " FROM usrs", "usrs"),
    ("u", ".nope FROM users AS u", "nope"),
    ("status", "['nope'] FROM sign_ins", "'nope'"),
    ("id", " FROM sign_ins WHERE created_date_time > 'yesterdai'", "'yesterdai'"),
    ("id", " FROM users WHERE 'unclosed", "'"),
    ("id", ", ) FROM users WHERE", ")"),
    ("id", " FROM users u JOIN groups g ON u.id = g.id", "id"),
    ("x", ".id FROM users u", "x"),
];

/// The same choices in every run.
struct Choices(u64);

impl Choices {
    fn below(&mut self, most: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }
}

async fn error(engine: &Engine, sql: &str) -> Error {
    match engine.query(sql).await {
        Ok(_) => panic!("no error: {sql}"),
        Err(error) => error,
    }
}

/// Builds a query and returns the byte of the token that is wrong.
fn mistake(choices: &mut Choices, kind: usize) -> (String, usize) {
    let (token, rest, wrong) = MISTAKES[kind];
    let mut sql = "SELECT ".to_owned();
    let mut left = BEFORE.to_vec();
    for _ in 0..choices.below(8) {
        sql.push_str(left.swap_remove(choices.below(left.len())));
    }
    let from = sql.len();
    sql.push_str(token);
    sql.push_str(rest);
    let at = if token == wrong { from } else { sql.rfind(wrong).unwrap() };
    (sql, at)
}

/// Reads the column of the caret off the report, in terminal cells from the text.
fn caret(error: &Error) -> (usize, usize) {
    let mut out = Vec::new();
    report(&mut out, error, false, Style::plain());
    let out = String::from_utf8(out).unwrap();
    let lines: Vec<_> = out.lines().collect();
    let under = lines.iter().position(|l| l.contains('|') && l.contains('^')).expect(&out);
    let gutter = lines[under].find('|').unwrap() + 2;
    let line = lines[under - 1].trim_start().split(' ').next().unwrap().parse().expect(&out);
    (line, lines[under].find('^').unwrap() - gutter)
}

/// Counted without anything of ours: lines by `\n`, four cells for a tab.
fn expected(sql: &str, at: usize) -> (usize, usize) {
    let before = &sql[..at];
    let line = before.rsplit('\n').next().unwrap();
    let cells: usize =
        line.chars().map(|c| if c == '\t' { 4 } else { c.to_string().width() }).sum();
    (before.matches('\n').count() + 1, cells)
}

#[tokio::test]
async fn the_caret_column_is_the_column_of_the_token() {
    let engine = Engine::offline().await.unwrap();
    let mut choices = Choices(7);
    for round in 0..600 {
        let (sql, at) = mistake(&mut choices, round % MISTAKES.len());
        let error = error(&engine, &sql).await;
        let place = error.place().unwrap_or_else(|| panic!("no place: {error}\n{sql}"));
        assert_eq!(place.span().start, at, "{error}\n{sql}");
        assert_eq!(place.column(), 1 + sql[..at].rsplit('\n').next().unwrap().chars().count());
        assert_eq!(caret(&error), expected(&sql, at), "{error}\n{sql}");
    }
}

#[tokio::test]
async fn an_error_of_the_end_is_at_the_end() {
    let engine = Engine::offline().await.unwrap();
    let error = error(&engine, "SELECT id FROM users WHERE (account_enabled\n -- no\n").await;
    let place = error.place().unwrap();
    assert_eq!((place.line(), place.column()), (1, 44));
}
