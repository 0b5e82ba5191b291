//! The arguments.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser, ValueParser};
use clap::{Arg, ArgAction, ArgMatches, Args, FromArgMatches, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::cli::config::ConfigCommand;
use crate::cli::connect::TenantOptions;
use crate::cli::doctor::DoctorOptions;
use crate::cli::export::ExportOptions;
use crate::cli::init::InitOptions;
use crate::cli::limits::Limits;
use crate::cli::snapshot::SnapshotOptions;
use crate::config::env;
use crate::output::{Format, Looks};

/// SQL over Microsoft Entra ID.
///
/// Without statements on a terminal, a shell is started.
#[derive(Debug, Parser)]
#[command(name = "entraql", version, after_long_help = env::help())]
pub(super) struct Cli {
    #[command(flatten)]
    pub(super) options: Options,
    #[command(flatten)]
    pub(super) statements: Statements,
    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

/// What every command understands.
#[derive(Debug, Clone, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(super) struct Options {
    /// Ask the built-in demo tenant; no account and no settings file is needed
    #[arg(long, global = true)]
    pub(super) demo: bool,
    /// Read the tables `entraql snapshot DIR` has kept; nothing is connected to
    #[arg(long, global = true, value_name = "DIR", conflicts_with = "demo")]
    pub(super) offline: Option<PathBuf>,
    /// Make tables of the CSV, JSON and Parquet files in a folder: `lists.NAME`
    #[arg(long, global = true, value_name = "DIR")]
    pub(super) lists: Option<PathBuf>,
    /// How rows are written
    #[arg(long, global = true, value_parser = format_parser())]
    pub(super) format: Option<Format>,
    /// Write rows to a file, its format told by the suffix: .parquet, .csv, .json, …; - is stdout
    #[arg(long, short, global = true, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Stop each query after this many rows (the shell stops at 100; 0 never stops)
    #[arg(long, global = true, value_name = "N")]
    pub(super) max_rows: Option<u64>,
    #[command(flatten)]
    pub(super) limits: Limits,
    /// Do not tell what a query cost
    #[arg(long, short, global = true)]
    pub(super) quiet: bool,
    /// Show each request, and the causes below an error; twice for more about each
    #[arg(long, short, global = true, action = ArgAction::Count)]
    pub(super) verbose: u8,
    /// Add a line for each request to a file; headers, bodies and secrets are never in it
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) log_file: Option<PathBuf>,
    /// How an error is told on stderr
    #[arg(long, global = true, value_name = "FORMAT", value_enum, default_value_t)]
    pub(super) error_format: ErrorFormat,
    /// Show progress even if nobody watches stderr
    #[arg(long, global = true)]
    pub(super) progress: bool,
    /// Keep no history in the shell
    #[arg(long, global = true)]
    pub(super) no_history: bool,
    /// Show long results in the shell without a pager
    #[arg(long, global = true)]
    pub(super) no_pager: bool,
    /// Put a quote before CSV cells a spreadsheet would run; other programs see it as well
    #[arg(long, global = true)]
    pub(super) csv_safe: bool,
    /// Leave out of JSON what is null or empty; OCSF events are always written so
    #[arg(long, global = true)]
    pub(super) no_nulls: bool,
    /// The column that is the JSON of its row; a command says so
    #[arg(skip)]
    pub(super) json_column: Option<&'static str>,
    /// Write CSV and JSON to a terminal byte by byte, escape sequences and all
    #[arg(long, global = true)]
    pub(super) raw: bool,
    #[command(flatten)]
    pub(super) running: Running,
    #[command(flatten)]
    pub(super) tenant: TenantOptions,
}

impl Options {
    /// Returns how values are written.
    pub(super) fn looks(&self) -> Looks {
        Looks {
            null: None,
            csv_safe: self.csv_safe,
            raw: self.raw,
            no_nulls: self.no_nulls,
            json_column: self.json_column,
        }
    }
}

/// How errors are told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum ErrorFormat {
    /// Sentences for a person
    #[default]
    Text,
    /// One JSON object on one line, with stable names
    Json,
}

/// How statements are run.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Statements")]
pub(super) struct Running {
    /// Give `$NAME` in the SQL a value; a type may be said, as in last:interval='7 days'
    #[arg(long = "param", global = true, value_name = "NAME[:TYPE]=VALUE")]
    pub(super) parameters: Vec<String>,
    /// Read values from a TOML or JSON file; --param wins over it
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) params: Option<PathBuf>,
    /// Exit with 8 when rows were found
    #[arg(long, global = true)]
    pub(super) fail_on_rows: bool,
    /// Go on after a statement that fails; the exit code is that of the first failure
    #[arg(long, global = true)]
    pub(super) keep_going: bool,
    /// Refuse statements that do more than read, such as COPY and CREATE
    #[arg(long, global = true)]
    pub(super) safe: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Run statements (the default)
    Query(Statements),
    /// List the tables
    Tables,
    /// List the columns of a table
    Describe {
        /// The table, such as `users`
        table: String,
    },
    /// Run a saved query
    Run {
        /// Its name, such as `detections/password_spray`, or the last part of it
        name: String,
    },
    /// List, show and check saved queries
    #[command(subcommand)]
    Queries(Queries),
    /// Tell what reading a table needs and costs, with example queries
    Inspect {
        /// The table, such as `sign_ins`
        table: String,
    },
    /// Write a table or a view, such as OCSF events, to a file or to folders of files
    Export(ExportOptions),
    /// Keep whole tables as Parquet files, for --offline
    Snapshot(SnapshotOptions),
    /// Show the settings and where they come from
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Print how to register the app, with the fewest permissions that will do
    Init(InitOptions),
    /// Check everything between this machine and a first row
    Doctor(DoctorOptions),
    /// Print the completion script of a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual page, of the program or of a command
    Man {
        /// The command, such as `doctor`
        command: Option<String>,
    },
    /// Serve a simulated Microsoft Graph on this machine until Ctrl-C
    #[cfg(feature = "sim")]
    Simulate(Simulate),
}

/// What can be asked about saved queries.
#[derive(Debug, Subcommand)]
pub(super) enum Queries {
    /// List them
    List {
        /// Part of the name or the title
        pattern: Option<String>,
        /// Only those with this tag
        #[arg(long, value_name = "TAG")]
        tag: Option<String>,
    },
    /// Show what one answers, takes and needs, and its SQL
    Show {
        /// Its name, or the last part of it
        name: String,
    },
    /// Check headers, parameters, tables and SQL; nothing is sent
    Check {
        /// Files to check; all saved queries if none are given
        files: Vec<PathBuf>,
    },
}

/// How the simulator is started.
#[cfg(feature = "sim")]
#[derive(Debug, Clone, Args)]
pub(super) struct Simulate {
    /// The port to listen on; any free one if not given
    #[arg(long, value_name = "N")]
    pub(super) port: Option<u16>,
    /// The world to serve: demo, tiny, bulk:SIGN_INS or bulk:SIGN_INS:USERS
    #[expect(clippy::doc_markdown, reason = "help is printed as it is")]
    #[arg(long, value_name = "NAME")]
    pub(super) world: Option<String>,
    /// Wait this many milliseconds before every reply
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(super) latency_ms: u64,
    /// Enforce Graph's limits with 429
    #[arg(long)]
    pub(super) throttle: bool,
    /// What goes wrong: a file like those in `fixtures/faults`, or the name of one of them
    #[arg(long, value_name = "FILE")]
    pub(super) faults: Option<PathBuf>,
    /// Put no more rows than this on a page
    #[arg(long, value_name = "ROWS")]
    pub(super) max_page: Option<usize>,
    /// Keep each page once it is written; it takes as much memory as the pages have text
    #[arg(long)]
    pub(super) keep_pages: bool,
    /// Scheme, host and port in links, if a proxy is in front
    #[arg(long, value_name = "URL")]
    pub(super) origin: Option<String>,
}

/// Statements in the order they were given, whether as text or as files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Statements {
    pub(super) parts: Vec<Part>,
}

/// One `-c` or one `-f`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    Sql(String),
    File(PathBuf),
}

// By hand, because the derive would collect all `-c` and all `-f` apart and lose
// the order between them.
impl Args for Statements {
    fn augment_args(command: clap::Command) -> clap::Command {
        command
            .arg(
                part("sql", 'c', "SQL", "Run statements; may be repeated")
                    .long("command")
                    .value_parser(ValueParser::string()),
            )
            .arg(
                part(
                    "file",
                    'f',
                    "FILE",
                    "Run a file of statements, `-` for stdin; may be repeated",
                )
                .long("file")
                .value_parser(ValueParser::path_buf()),
            )
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Self::augment_args(command)
    }
}

fn part(id: &'static str, short: char, value: &'static str, help: &'static str) -> Arg {
    Arg::new(id).short(short).value_name(value).help(help).action(ArgAction::Append)
}

impl FromArgMatches for Statements {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut parts: Vec<_> = placed(matches, "sql", Part::Sql).collect();
        parts.extend(placed(matches, "file", Part::File));
        parts.sort_by_key(|(place, _)| *place);
        Ok(Self { parts: parts.into_iter().map(|(_, part)| part).collect() })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        self.parts.extend(Self::from_arg_matches(matches)?.parts);
        Ok(())
    }
}

/// The values of an argument with their places on the command line.
fn placed<T: Clone + Send + Sync + 'static>(
    matches: &ArgMatches,
    id: &str,
    into: fn(T) -> Part,
) -> impl Iterator<Item = (usize, Part)> {
    let places = matches.indices_of(id).into_iter().flatten();
    let values = matches.get_many::<T>(id).into_iter().flatten().cloned().map(into);
    places.zip(values)
}

fn format_parser() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::names()).try_map(|name| Format::parse(&name))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn parse(line: &str) -> Result<Cli, clap::Error> {
        Cli::try_parse_from(line.split(' '))
    }

    fn sql(text: &str) -> Part {
        Part::Sql(text.into())
    }

    fn file(path: &str) -> Part {
        Part::File(path.into())
    }

    #[test]
    fn the_declaration_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_order_of_mixed_statements_is_kept() {
        let cli = parse("entraql -c a -f b -c d --file=e -fg --command h").unwrap();
        let expected = [sql("a"), file("b"), sql("d"), file("e"), file("g"), sql("h")];
        assert_eq!(cli.statements.parts, expected);
        let cli = parse("entraql query -f a -c b").unwrap();
        let Some(Command::Query(statements)) = cli.command else { panic!("no query") };
        assert_eq!(statements.parts, [file("a"), sql("b")]);
    }

    #[test]
    fn options_may_stand_before_and_after_the_command() {
        for line in ["entraql --demo --format csv tables", "entraql tables --format csv --demo"] {
            let cli = parse(line).unwrap();
            assert!(cli.options.demo);
            assert_eq!(cli.options.format, Some(Format::Csv));
        }
    }

    #[test]
    fn an_unknown_format_is_a_usage_error() {
        let error = parse("entraql --format xml").unwrap_err();
        assert!(error.use_stderr());
        assert!(error.to_string().contains("ndjson"));
    }
}
