//! The shell without a terminal: what inputs print, and what they cost.

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};

use crate::engine::{Engine, Pacing, Settings as EngineSettings};
use crate::error::{ErrorKind, Result};
use crate::output::{Format, Looks, Style, Writer};
use crate::repl::Trace;
use crate::repl::program::Programs;
use crate::repl::session::Session;
use crate::repl::settings::Settings;
use crate::saved::Library;
use crate::sim::Options;

/// People in the demo tenant, on two pages.
const USERS: usize = 1_200;

#[derive(Clone, Default)]
struct Buffer(Arc<Mutex<Vec<u8>>>);

impl Buffer {
    /// Returns what was written since the last look.
    fn take(&self) -> String {
        String::from_utf8(std::mem::take(&mut *self.0.lock().unwrap())).unwrap()
    }
}

impl Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A shell on a tenant of its own.
struct Bench {
    session: Session,
    out: Buffer,
    err: Buffer,
}

impl Bench {
    async fn new() -> Self {
        Self::with(|_| {}).await
    }

    async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let pace = EngineSettings { pacing: Pacing::Off, ..EngineSettings::default() };
        let engine = Engine::simulated(Options::default(), pace).await.unwrap();
        let mut settings = settings();
        change(&mut settings);
        let (out, err) = (Buffer::default(), Buffer::default());
        let open = |buffer: Buffer| Arc::new(move || Box::new(buffer.clone()) as Writer);
        let trace = Trace::new(&engine, 0, None).unwrap();
        let session = Session::new(engine, settings, trace, open(out.clone()), open(err.clone()));
        Self { session, out, err }
    }

    /// Runs one input and returns what it printed.
    async fn run(&mut self, text: &str) -> String {
        self.try_run(text).await.unwrap();
        self.out.take()
    }

    async fn try_run(&mut self, text: &str) -> Result<()> {
        let input = self.session.input(&mut text.to_owned()).expect("a complete input");
        self.session.run(input).await
    }

    /// Requests sent to Graph; tokens are another host's business.
    fn requests(&self) -> usize {
        let log = self.session.engine.client().unwrap().log().snapshot();
        log.iter().filter(|entry| !entry.table.is_empty()).count()
    }
}

fn settings() -> Settings {
    Settings {
        format: Format::Csv,
        looks: Looks::default(),
        max_rows: Some(100),
        max_width: None,
        timer: true,
        echo: false,
        pager: true,
        verbose: false,
        history: None,
        style: Style::plain,
        error_style: Style::plain,
        height: || None,
        saved: Arc::new(Library::open(None).unwrap()),
        ticker: None,
        programs: Programs::default(),
    }
}

fn rows(csv: &str) -> Vec<String> {
    csv.lines().skip(1).map(str::to_owned).collect()
}

#[tokio::test]
async fn the_cap_stops_the_scan_and_more_goes_on_where_it_stopped() {
    let mut shell = Bench::new().await;
    let mut all = rows(&shell.run("SELECT id FROM users;").await);
    assert_eq!((all.len(), shell.requests()), (100, 1));
    assert!(shell.err.take().contains("incomplete: stopped after 1 request; `.more` continues"));

    all.extend(rows(&shell.run(".more").await));
    assert_eq!((all.len(), shell.requests()), (200, 1), "the first page holds 999 rows");
    all.extend(rows(&shell.run(".more 0").await));
    assert_eq!((all.len(), shell.requests()), (USERS, 2));
    assert!(!shell.err.take().ends_with("stopped early\n"));

    shell.run(".maxrows 0").await;
    let whole = rows(&shell.run("SELECT id FROM users;").await);
    assert_eq!(all, whole, "no row is lost or shown twice");
    let error = shell.try_run(".more").await.unwrap_err();
    assert!(error.message().contains("complete"));
}

#[tokio::test]
async fn a_paused_query_sends_nothing_and_a_command_does_not_end_it() {
    let mut shell = Bench::new().await;
    // The cap falls on the end of a page: another poll would ask for the next one.
    shell.run("SET entra.page_size = 100;").await;
    shell.run("SELECT id FROM users UNION ALL SELECT id FROM risky_users;").await;
    let before = shell.requests();
    shell.run(".schema users").await;
    shell.run(".tables").await;
    assert_eq!(shell.requests(), before);
    assert_eq!(rows(&shell.run(".more").await).len(), 100);
    assert!(shell.requests() > before);
    shell.run("SELECT 1;").await;
    let error = shell.try_run(".more").await.unwrap_err();
    assert!(error.message().contains("complete"), "{error}");
}

#[tokio::test]
async fn a_result_that_ends_at_the_cap_is_complete() {
    let mut shell = Bench::new().await;
    shell.run(".mode table").await;
    let shown = shell.run("SELECT id FROM users LIMIT 100;").await;
    assert!(shown.ends_with("100 rows\n"), "{shown}");
    assert_eq!(shell.requests(), 1);
    let shown = shell.run("SELECT id FROM users LIMIT 101;").await;
    let note = "100 rows; stopped after 1 request; `.more` continues, `.maxrows 0` lifts the cap\n";
    assert!(shown.ends_with(note), "{shown}");
    let shown = shell.run(".more").await;
    assert!(shown.ends_with("1 row; 101 in all\n"), "{shown}");
}

#[tokio::test]
async fn the_last_result_is_shown_and_exported_again_without_a_request() {
    let folder = tempfile::tempdir().unwrap();
    let mut shell = Bench::new().await;
    let shown = shell.run("SELECT id, display_name FROM users;").await;
    let before = shell.requests();
    assert_eq!(shell.run(".last").await, shown);
    shell.run(".mode ndjson").await;
    assert_eq!(shell.run(".last").await.lines().count(), 100);
    assert_eq!(shell.run(".last csv").await, shown);
    shell.err.take();
    for name in ["a.csv", "a.parquet", "a.arrow", "a.html", "a.md"] {
        let path = folder.path().join(name);
        shell.run(&format!(".export {}", path.display())).await;
        assert!(fs::metadata(path).unwrap().len() > 1_000, "{name}");
        let told = shell.err.take();
        assert!(told.contains("100 rows written"), "{told}");
        assert!(told.contains("incomplete: stopped after 1 request"), "{told}");
    }
    assert_eq!(fs::read_to_string(folder.path().join("a.csv")).unwrap(), shown);
    let page = fs::read_to_string(folder.path().join("a.html")).unwrap();
    assert!(page.contains("stopped after 1 request"), "{page}");
    assert!(contains(&folder.path().join("a.parquet"), "entraql.note"));
    assert_eq!(shell.requests(), before);
}

fn contains(path: &Path, word: &str) -> bool {
    fs::read(path).unwrap().windows(word.len()).any(|bytes| bytes == word.as_bytes())
}

#[tokio::test]
async fn a_failed_statement_leaves_the_last_result_and_its_rest() {
    let mut shell = Bench::new().await;
    assert_eq!(shell.try_run(".last").await.unwrap_err().kind(), ErrorKind::Usage);
    shell.run("SELECT id FROM users;").await;
    assert_eq!(
        shell.try_run("SELECT nope FROM users;").await.unwrap_err().kind(),
        ErrorKind::Query
    );
    assert_eq!(rows(&shell.run(".more").await).len(), 100);
    assert_eq!(rows(&shell.run(".last").await).len(), 200);
}

#[tokio::test]
async fn files_take_whole_results_and_no_cap() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let mut shell = Bench::new().await;
    shell.run(&format!(".once {}", path("once.parquet").display())).await;
    assert_eq!(shell.run("SELECT id FROM users;").await, "");
    assert!(path("once.parquet").exists());
    assert_eq!(shell.run("SELECT 1 AS a;").await, "a\n1\n", "the next one is on the screen");

    shell.run(&format!("\\o {}", path("all.csv").display())).await;
    shell.run("SELECT 1 AS a; SELECT 2 AS b;").await;
    assert!(shell.run(".show").await.contains("all.csv"));
    shell.run(".output").await;
    assert_eq!(fs::read_to_string(path("all.csv")).unwrap(), "a\n1\nb\n2\n");
    let wrong = format!(".output {}", path("all.parquet").display());
    assert!(shell.try_run(&wrong).await.unwrap_err().hint().unwrap().contains(".once"));
}

#[tokio::test]
async fn a_file_of_statements_and_commands_stops_at_the_first_failure() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hunt.sql");
    fs::write(
        &path,
        ".echo on\n-- a; b\nSELECT\n  1 AS a;\n.mode json\n.print ok\nSELECT nope;\n.print no\n",
    )
    .unwrap();
    let mut shell = Bench::new().await;
    let error = shell.try_run(&format!(".read {}", path.display())).await.unwrap_err();
    assert!(error.to_string().contains("hunt.sql:7"), "{error}");
    let shown = shell.out.take();
    assert!(shown.contains("a\n1\nok\n") && !shown.contains("no\n"), "{shown}");

    fs::write(&path, format!("\\i {}\n", path.display())).unwrap();
    let error = shell.try_run(&format!("\\i {}", path.display())).await.unwrap_err();
    assert!(error.message().contains("without end"), "{error}");
}

#[tokio::test]
async fn settings_change_what_is_shown() {
    let mut shell = Bench::new().await;
    shell.run("\\pset null (none)").await;
    assert_eq!(shell.run("SELECT CAST(NULL AS TEXT) AS a;").await, "a\n(none)\n");
    shell.run("\\x").await;
    assert_eq!(shell.run("SELECT 1 AS a;").await, "── row 1 ──\na = 1\n1 row\n");
    shell.run("\\x").await;
    assert!(shell.run(".show").await.contains(".mode       table"));
    shell.err.take();
    shell.run("\\timing off").await;
    shell.run("SELECT 1;").await;
    assert_eq!(shell.err.take(), "");
    shell.run(".timer on").await;
    shell.run("SELECT 1;").await;
    assert!(shell.err.take().starts_with("1 row, 0 requests"));
    shell.run(".maxwidth 20").await;
    let shown = shell.run("SELECT 'a very long text of many words' AS a;").await;
    assert!(shown.lines().all(|line| line.chars().count() <= 20), "{shown}");
}

#[cfg(unix)]
#[tokio::test]
async fn an_edited_statement_runs_and_an_unchanged_one_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let listed = folder.path().join("listed");
    let script =
        format!("ls -l $0 > {}; sed s/1/2/ $0 > $0.new; cat $0.new > $0", listed.display());
    let editor = format!("sh -c '{script}; rm $0.new'");
    let mut shell = Bench::with(|settings| settings.programs.editor = Some(editor)).await;
    shell.run("SELECT 1 AS a;").await;
    assert_eq!(shell.run("\\e").await, "a\n2\n");
    assert!(fs::read_to_string(listed).unwrap().starts_with("-rw------- "), "for nobody else");
    assert_eq!(shell.run(".edit").await, "", "nothing is left to change");
    assert!(shell.err.take().contains("nothing was changed"));
}

#[cfg(unix)]
#[tokio::test]
async fn only_what_is_longer_than_the_screen_goes_to_the_pager() {
    let folder = tempfile::tempdir().unwrap();
    let paged = folder.path().join("paged");
    let pager = format!("sh -c 'cat >> {}'", paged.display());
    let mut shell = Bench::with(|settings| {
        settings.programs.pager = Some(pager);
        settings.style = || Style { terminal: true, width: Some(80), color: false };
        settings.height = || Some(24);
    })
    .await;
    assert_eq!(rows(&shell.run("SELECT id FROM users LIMIT 22;").await).len(), 22);
    assert!(!paged.exists());
    assert_eq!(shell.run("SELECT id FROM users LIMIT 23;").await, "");
    assert_eq!(rows(&fs::read_to_string(&paged).unwrap()).len(), 23);
    shell.run(".pager off").await;
    assert_eq!(rows(&shell.run(".last").await).len(), 23);
}

#[tokio::test]
async fn a_saved_query_runs_with_its_parameters_and_only_lists_otherwise() {
    let mut shell = Bench::new().await;
    let listed = shell.run(".queries spray").await;
    assert!(listed.contains("detections/password_spray"), "{listed}");
    assert_eq!((rows(&listed).len(), shell.requests()), (1, 0));
    let few = rows(&shell.run(".run sign_ins_by_country last='0 days'").await);
    let all = rows(&shell.run(".run access/sign_ins_by_country last='3000 days'").await);
    assert!(few.is_empty() && !all.is_empty(), "{few:?} {all:?}");
    for wrong in [".run", ".run nothing_like_it", ".run sign_ins_by_country lsat=1", ".run ../x"] {
        assert_eq!(shell.try_run(wrong).await.unwrap_err().kind(), ErrorKind::Usage, "{wrong}");
    }
}

#[tokio::test]
async fn a_repeated_query_asks_nothing_and_says_so_until_the_cache_is_off() {
    let mut shell = Bench::new().await;
    assert_eq!(shell.run(".cache").await, "the cache is off\n");
    shell.run(".cache on").await;
    let state = shell.run(".cache").await;
    assert!(state.starts_with("the cache keeps scans for 5m: 0 now, "), "{state}");
    let counted = shell.run("SELECT count(DISTINCT id) FROM users;").await;
    assert_eq!(shell.requests(), 2);
    shell.err.take();
    assert_eq!(shell.run("SELECT count(DISTINCT id) FROM users;").await, counted);
    let told = shell.err.take();
    assert!(told.starts_with("users: 1200 rows from the cache, read "), "{told}");
    assert!(told.contains("1 row, 0 requests"), "{told}");
    let listed = rows(&shell.run(".cache").await);
    assert!(listed[1].starts_with("users,1200,") && listed.len() == 2, "{listed:?}");
    assert_eq!(shell.requests(), 2);
    for (wish, requests) in [(".cache clear", 4), (".cache ttl 10m", 4), (".cache off", 6)] {
        shell.run(wish).await;
        shell.run("SELECT count(DISTINCT id) FROM users;").await;
        assert_eq!(shell.requests(), requests, "{wish}");
    }
    assert_eq!(shell.run(".cache").await, "the cache is off\n");
    let error = shell.try_run(".cache ttl soon").await.unwrap_err();
    assert!(error.message().contains("`soon`"), "{error}");
}
