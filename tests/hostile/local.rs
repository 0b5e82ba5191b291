//! What lies on this machine and was written by others: settings, saved queries, file names,
//! the environment. Every command of the program, with all of it hostile.

use std::path::Path;
use std::process::Command;

use entraql::sim::Simulator;

use crate::hostile::tenant::{ATTACKS, all_attacks, tenant};
use crate::hostile::verdict::harmless;
use crate::pty::{BINARY, Program, Size};

/// Arguments of every command, by its name.
const COMMANDS: [(&str, &[&[&str]]); 15] = [
    ("query", &[&["query", "-c", "SELECT id, display_name FROM users"]]),
    ("tables", &[&["tables"]]),
    ("describe", &[&["describe", "users"]]),
    (
        "run",
        &[
            &["run", "mine"],
            &["run", "mine", "--dry-run"],
            &["run", "mine", "--dry-run", "--probe"],
            &["run", "mine", "--param", "who=ATTACK"],
            &["run", "ATTACK"],
            &["run", "broken"],
        ],
    ),
    (
        "queries",
        &[
            &["queries", "list"],
            &["queries", "list", "ATTACK"],
            &["queries", "show", "mine"],
            &["queries", "show", "broken"],
            &["queries", "show", "ATTACK"],
            &["queries", "check"],
            &["queries", "check", "ATTACK"],
        ],
    ),
    ("inspect", &[&["inspect", "users"], &["inspect", "ATTACK"]]),
    (
        "config",
        &[
            &["config", "show"],
            &["config", "show", "--origin"],
            &["config", "path"],
            &["config", "check"],
            &["config", "show", "--tenant", "ATTACK"],
            &["config", "check", "--config", "ATTACK"],
        ],
    ),
    (
        "init",
        &[
            &["init"],
            &["init", "--table", "ATTACK"],
            &["init", "--saved", "ATTACK"],
            &["init", "--saved", "mine"],
            &["init", "--saved", "broken"],
            &["init", "--query", "SELECT 'ATTACK' AS \"ATTACK\" FROM users"],
            &["init", "--query", "SELECT ATTACK FROM users"],
        ],
    ),
    ("doctor", &[&["doctor"], &["doctor", "--json"], &["doctor", "--table", "ATTACK"]]),
    ("completions", &[&["completions", "bash"], &["completions", "ATTACK"]]),
    ("man", &[&["man"], &["man", "ATTACK"]]),
    (
        "simulate",
        &[
            &["simulate", "--world", "ATTACK"],
            &["simulate", "--port", "ATTACK"],
            &["simulate", "--faults", "ATTACK"],
            &["simulate", "--origin", "ATTACK"],
        ],
    ),
    ("snapshot", &[&["snapshot", "--help"], &["snapshot", "ATTACK"]]),
    (
        "export",
        &[
            &["export", "--help"],
            &["export", "ATTACK"],
            &["export", "users", "--where", "display_name = 'ATTACK'"],
            &["export", "users", "--partition-by", "ATTACK", "-o", "ATTACK"],
        ],
    ),
    ("help", &[&["help"], &["help", "ATTACK"]]),
];

fn commands() -> Vec<String> {
    let output = Command::new(BINARY).arg("-h").output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let words = listed.take_while(|line| !line.is_empty()).map(str::trim_start);
    words.map(|line| line.split(' ').next().unwrap().to_owned()).collect()
}

#[test]
fn every_command_is_in_the_list() {
    let listed: Vec<_> = COMMANDS.iter().map(|(name, _)| *name).collect();
    for command in commands() {
        assert!(listed.contains(&command.as_str()), "{command} has no hostile test");
    }
}

/// Whatever a line break or a slash would end is in no name of a file.
fn file_name(attack: &str) -> String {
    attack.replace(['/', '\0'], "")
}

/// A home in which everything is hostile.
fn hostile_home(program: &Program) {
    let attacks = all_attacks().replace('\0', "");
    let line = attacks.replace(['\n', '\r'], " ");
    let config = program.path("config").join("entraql");
    let queries = config.join("queries");
    std::fs::create_dir_all(&queries).unwrap();
    let mine = format!(
        "-- title: {}\n-- about: {line}\n-- tables: users\n\
         -- param: who text = '{line}' -- {line}\n-- tags: mine\n\
         SELECT id, '{line}' AS a FROM users WHERE display_name <> $who LIMIT 3;\n",
        line.chars().take(80).collect::<String>()
    );
    std::fs::write(queries.join("mine.sql"), mine).unwrap();
    let broken = format!("-- title: {line}{line}\n-- severity: {line}\n-- {line}\nSELECT {line}");
    std::fs::write(queries.join("broken.sql"), broken).unwrap();
    for attack in ATTACKS {
        let _ = std::fs::write(queries.join(file_name(attack) + ".sql"), "SELECT 1");
    }
}

/// Settings nobody should have accepted, each hostile in another place.
fn settings() -> Vec<String> {
    let text = serde_json::to_string(&all_attacks().replace(['\0'], "")).unwrap();
    // JSON's strings are TOML's, but for what JSON leaves unescaped.
    let text = text.replace('\u{7f}', "\\u007f");
    vec![
        format!("{text} = {text}\n"),
        format!("format = {text}\n"),
        format!("[tenants.{text}]\ntenant_id = {text}\nclient_id = {text}\n"),
        format!("[tenants.a]\ntenant_id = {text}\nclient_id = {text}\nclient_secret = {text}\n"),
        format!("[tenants.a]\ntenant_id = \"t\"\nclient_id = \"c\"\ncertificate = {text}\n"),
        "[tenants.a]\ntenant_id = 't'\nclient_id = 'c'\nclient_secret = \"file:\\u001b[2J\"\n"
            .into(),
        format!("[tenants.a]\ncloud = {text}\nauthority = {text}\ngraph = {text}\n"),
        all_attacks(),
    ]
}

fn write_settings(path: &Path, text: &str) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::write(path, text).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
}

#[track_caller]
fn shows_nothing_hostile(program: Program, what: &str) {
    let mut terminal = program.env("NO_COLOR", "1").start(Size::new(80, 50));
    let code = terminal.exit();
    let shown = String::from_utf8_lossy(terminal.bytes()).into_owned();
    assert!(!shown.is_empty() && !shown.contains("panicked") && code != 101, "{what}: {shown}");
    harmless(terminal.bytes(), what);
}

#[test]
fn every_command_is_harmless_in_a_hostile_home() {
    let simulator = tenant(str::to_owned);
    let attacks = all_attacks().replace('\0', "");
    for (name, calls) in COMMANDS {
        if !commands().iter().any(|known| known == name) {
            continue;
        }
        for call in calls {
            let arguments: Vec<_> =
                call.iter().map(|word| word.replace("ATTACK", &attacks)).collect();
            let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
            // Bars of progress may return; what is checked here is text.
            let program = Program::on(&simulator, &[&["-q", "-v"], &arguments[..]].concat());
            hostile_home(&program);
            shows_nothing_hostile(program, &call.join(" "));
        }
    }
}

#[test]
fn hostile_settings_are_refused_and_shown_harmlessly() {
    for (number, text) in settings().iter().enumerate() {
        for call in [
            &["config", "show"][..],
            &["config", "show", "--origin"],
            &["config", "check"],
            &["-c", "SELECT id FROM users"],
            &["doctor"],
            &["doctor", "--json"],
            &["init"],
            &["--error-format", "json", "-c", "SELECT id FROM users"],
        ] {
            let program = Program::new(call);
            let path = program.path("settings.toml");
            write_settings(&path, text);
            let program = program.env("ENTRAQL_CONFIG", path.to_str().unwrap());
            shows_nothing_hostile(program, &format!("{call:?} with settings {number}"));
        }
    }
}

#[test]
fn a_hostile_folder_of_settings_is_shown_harmlessly() {
    let attack = file_name(&all_attacks().chars().take(100).collect::<String>());
    for call in [
        &["config", "show", "--origin"][..],
        &["config", "path"],
        &["config", "check"],
        &["init"],
        &["doctor"],
        &["doctor", "--json"],
        &["queries", "list"],
        &["queries", "check"],
        &["queries", "show", "mine"],
        &["run", "mine"],
        &["tables"],
    ] {
        let program = Program::new(call);
        let folder = program.path("config").join(&attack);
        let queries = folder.join("entraql/queries");
        std::fs::create_dir_all(&queries).unwrap();
        std::fs::write(queries.join("mine.sql"), "-- title: T\nSELECT 1").unwrap();
        write_settings(&folder.join("entraql/config.toml"), "format = 7\n");
        let program = program.env("XDG_CONFIG_HOME", folder.to_str().unwrap());
        shows_nothing_hostile(program, &format!("{call:?}"));
    }
}

#[test]
fn a_hostile_environment_is_shown_harmlessly() {
    let simulator: Simulator = tenant(str::to_owned);
    let attacks = all_attacks().replace('\0', "");
    let output = Command::new(BINARY).arg("--help").output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    let listed = help.lines().skip_while(|line| *line != "Environment:").skip(1);
    let names = listed.filter_map(|line| line.split_whitespace().next());
    let names: Vec<_> = names.filter(|name| !["TERM", "NO_COLOR"].contains(name)).collect();
    assert!(names.len() > 15, "{names:?}");
    let proxies = ["HTTPS_PROXY", "SSL_CERT_FILE"];
    for name in names.iter().copied().chain(proxies) {
        for call in
            [&["config", "show", "--origin"][..], &["doctor"], &["doctor", "--json"], &["init"]]
        {
            let program = Program::on(&simulator, call).env(name, &attacks);
            shows_nothing_hostile(program, &format!("{call:?} with {name}"));
        }
    }
}
