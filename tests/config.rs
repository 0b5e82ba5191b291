//! The settings file through the program: who wins, what is refused, what is never shown.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use entraql::sim::{CLIENT_ID, CLIENT_SECRET, Options, Simulator, TENANT_ID};

use crate::cli::{entraql, fails, simulator, text};

const QUERY: [&str; 4] = ["-c", "SELECT count(*) AS n FROM users", "--format", "csv"];

/// A settings file in a folder of its own.
struct File {
    folder: tempfile::TempDir,
}

impl File {
    fn new(text: &str) -> Self {
        let file = Self { folder: tempfile::tempdir().unwrap() };
        fs::write(file.path(), text).unwrap();
        file.mode("config.toml", 0o600);
        file
    }

    /// The tenant of a simulator under the name `demo`, with more lines.
    fn of(simulator: &Simulator, more: &str) -> Self {
        let origin = simulator.origin();
        Self::new(&format!(
            "[tenants.demo]\ntenant_id = '{TENANT_ID}'\nclient_id = '{CLIENT_ID}'\n\
             cloud = 'custom'\nauthority = '{origin}'\ngraph = '{origin}'\n{more}\n"
        ))
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("config.toml")
    }

    fn beside(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, text).unwrap();
        self.mode(name, 0o600);
        path
    }

    fn mode(&self, name: &str, mode: u32) {
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::Permissions::from_mode(mode);
            fs::set_permissions(self.folder.path().join(name), mode).unwrap();
        }
    }

    fn run(&self, arguments: &[&str]) -> Command {
        let mut command = entraql(arguments);
        command.env("ENTRAQL_CONFIG", self.path());
        command
    }
}

#[track_caller]
fn answers(mut command: Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let rows = text(&output.stdout);
    let count: u32 = rows.trim().strip_prefix("n\n").unwrap().parse().unwrap();
    assert!(count > 100, "{count}");
}

fn tokens(simulator: &Simulator) -> usize {
    simulator.seen().iter().filter(|seen| seen.target.ends_with("/token")).count()
}

#[test]
fn a_secret_may_be_in_a_variable_a_file_a_program_or_the_settings_file_itself() {
    let simulator = simulator(Options::default());
    let file = File::of(&simulator, "client_secret = 'env:DEMO_SECRET'");
    let mut command = file.run(&QUERY);
    command.env("DEMO_SECRET", CLIENT_SECRET);
    answers(command);
    let file = File::of(&simulator, "client_secret = 'file:secret.txt'");
    file.beside("secret.txt", format!("\u{feff}{CLIENT_SECRET}\r\n"));
    answers(file.run(&QUERY));
    let file = File::of(&simulator, &format!("client_secret = 'cmd:echo \"{CLIENT_SECRET}\"'"));
    answers(file.run(&QUERY));
    let file = File::of(&simulator, &format!("client_secret = '{CLIENT_SECRET}'"));
    answers(file.run(&QUERY));
    assert_eq!(tokens(&simulator), 4);
}

#[test]
fn a_secret_may_come_by_flag_but_never_as_an_argument() {
    let simulator = simulator(Options::default());
    let file = File::of(&simulator, "client_secret = 'env:NOT_SET_ANYWHERE'");
    let secret = file.beside("secret.txt", CLIENT_SECRET);
    let secret = secret.to_str().unwrap();
    answers(file.run(&[&QUERY[..], &["--client-secret-file", secret]].concat()));
    let program = format!("cat '{secret}'");
    answers(file.run(&[&QUERY[..], &["--client-secret-cmd", &program]].concat()));
    let mut command = file.run(&[&QUERY[..], &["--client-secret-stdin"]].concat());
    command.stdin(Stdio::from(fs::File::open(secret).unwrap()));
    answers(command);
    assert_eq!(tokens(&simulator), 3);
    let output = file.run(&["--client-secret-stdin"]).output().unwrap();
    fails(&output, 2, &["leaves no stdin", "`-c`"]);
    let output = file.run(&["--client-secret", CLIENT_SECRET]).output().unwrap();
    fails(&output, 2, &["--client-secret"]);
    let help = text(&file.run(&["--help"]).output().unwrap().stdout);
    assert!(help.contains("--client-secret-file <FILE>") && !help.contains("--client-secret <"));
}

#[cfg(unix)]
#[test]
fn a_secret_that_lies_open_is_refused_with_the_line_that_closes_it() {
    let simulator = simulator(Options::default());
    let file = File::of(&simulator, "client_secret = 'file:secret.txt'");
    file.beside("secret.txt", CLIENT_SECRET);
    file.mode("secret.txt", 0o644);
    fails(&file.run(&QUERY).output().unwrap(), 3, &["mode 0644", "`chmod 600 /", "secret.txt`"]);
    let checked = file.run(&["config", "check"]).output().unwrap();
    fails(&checked, 3, &["chmod 600", "config.toml:7"]);
    let inline = File::of(&simulator, &format!("client_secret = '{CLIENT_SECRET}'"));
    inline.mode("config.toml", 0o640);
    let output = inline.run(&QUERY).output().unwrap();
    fails(&output, 3, &["mode 0640", "`chmod 600 /"]);
    assert!(!text(&output.stderr).contains(CLIENT_SECRET));
    assert_eq!(simulator.seen().len(), 0);
}

#[test]
fn show_tells_where_each_value_came_from_and_never_a_secret() {
    let simulator = simulator(Options::default());
    let file = File::of(&simulator, &format!("client_secret = '{CLIENT_SECRET}'\nmax_rows = 7"));
    let output = file.run(&["config", "show", "--origin"]).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let shown = text(&output.stdout);
    let line = |key: &str| shown.lines().find(|line| line.starts_with(key)).unwrap().to_owned();
    assert!(line("tenant_id").ends_with("config.toml:2"), "{shown}");
    assert!(line("max_rows").contains('7'), "{shown}");
    assert!(line("client_secret").contains("***"), "{shown}");
    assert!(line("credential ").contains("client-secret"), "{shown}");
    assert!(!shown.contains(CLIENT_SECRET));
    let mut command = file.run(&["config", "show", "--origin"]);
    command.env("AZURE_CLIENT_SECRET", "another").env("AZURE_TENANT_ID", "contoso.com");
    let shown = text(&command.output().unwrap().stdout);
    assert!(shown.contains("contoso.com") && shown.contains("AZURE_TENANT_ID"), "{shown}");
    assert!(shown.contains("env:AZURE_CLIENT_SECRET") && !shown.contains("another"), "{shown}");
    let mut command = file.run(&["config", "show", "-t", "demo"]);
    command.env("AZURE_TENANT_ID", "contoso.com");
    assert!(!text(&command.output().unwrap().stdout).contains("contoso.com"));
}

#[test]
fn check_lists_every_mistake_with_its_line() {
    let file = File::new("default_tenant = 'a'\n[tenants.a]\ntenat_id = 'x'\nmax_rows = 'y'\n");
    let output = file.run(&["config", "check"]).output().unwrap();
    fails(&output, 3, &["did you mean `tenant_id`?", "config.toml:3", "config.toml:4", "2 things"]);
    // A run stops at the first, and does not go on with half of the settings.
    fails(&file.run(&QUERY).output().unwrap(), 3, &["tenat_id"]);
    // The demo needs no settings, so that none can break it.
    let output = file.run(&["--demo", "-qc", "SELECT 1 AS n"]).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let sound = File::new("");
    let output = sound.run(&["config", "check"]).output().unwrap();
    assert!(output.status.success() && text(&output.stdout).contains("is sound"));
}

#[test]
fn a_tenant_is_chosen_by_name_and_its_defaults_apply() {
    let simulator = simulator(Options::default());
    let file = File::of(&simulator, "client_secret = 'env:DEMO_SECRET'\nformat = 'ndjson'");
    let more = fs::read_to_string(file.path()).unwrap() + "[tenants.other]\nformat = 'xml'\n";
    fs::write(file.path(), more).unwrap();
    let run = |arguments: &[&str]| {
        file.run(arguments).env("DEMO_SECRET", CLIENT_SECRET).output().unwrap()
    };
    let query = ["-c", "SELECT id FROM users LIMIT 1"];
    fails(&run(&query), 3, &["no tenant is chosen", "demo, other", "default_tenant"]);
    fails(&run(&[&query[..], &["-t", "dem"]].concat()), 3, &["did you mean `demo`"]);
    fails(&run(&[&query[..], &["-t", "other"]].concat()), 3, &["xml", "ndjson"]);
    let output = run(&[&query[..], &["--tenant=demo"]].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stdout).starts_with("{\"id\":"), "the format of the tenant");
    let output = run(&[&query[..], &["-t", "demo", "--format", "csv"]].concat());
    assert!(text(&output.stdout).starts_with("id\n"), "a flag wins");
}

#[test]
fn the_current_directory_is_not_searched() {
    let file = File::new("not toml at all");
    let mut command = entraql(&["config", "path"]);
    command.current_dir(file.folder.path()).env("XDG_CONFIG_HOME", "/nowhere");
    let output = command.output().unwrap();
    let expected = Path::new("/nowhere/entraql/config.toml");
    assert_eq!(Path::new(text(&output.stdout).trim_end()), expected);
}

#[test]
fn limits_of_the_settings_file_hold_until_a_flag_says_otherwise() {
    let simulator = simulator(Options::default());
    let limits = "client_secret = 'env:DEMO_SECRET'\nmax_requests = 1\ntimeout = '5 weeks'";
    let file = File::of(&simulator, limits);
    let run = |arguments: &[&str]| {
        file.run(arguments).env("DEMO_SECRET", CLIENT_SECRET).output().unwrap()
    };
    // Two pages: a count would be one request.
    let pages = ["-c", "SELECT id FROM users"];
    fails(&run(&pages), 2, &["`5 weeks` is not a time to wait", "`30s`"]);
    let query = [&pages[..], &["--timeout", "1h"]].concat();
    fails(&run(&query), 7, &["request"]);
    let output = run(&[&query[..], &["--max-requests", "0"]].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
}
