//! The programs that are asked for a secret or a token: no shell, a time limit, and no
//! look at the secrets of others.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::io::{self, Read};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// The longest a program may take: somebody may have to confirm something.
pub(crate) const LIMIT: Duration = Duration::from_secs(30);

/// The most bytes a program may print.
const LARGEST: u64 = 256 * 1024;

/// How often a program that has stopped printing is asked whether it is over.
const GLANCE: Duration = Duration::from_millis(10);

/// Variables that hold secrets, beside those whose names settings mention.
const SECRETS: [&str; 1] = ["AZURE_CLIENT_SECRET"];

static HIDDEN: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Remembers that a variable holds a secret: no program we start will see it.
pub(crate) fn hide(variable: &str) {
    hidden().insert(variable.to_owned());
}

/// Returns the variables that were hidden.
#[cfg(feature = "repl")]
pub(crate) fn hidden_variables() -> Vec<String> {
    hidden().iter().cloned().collect()
}

fn hidden() -> MutexGuard<'static, BTreeSet<String>> {
    HIDDEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs a program to its end and returns what it printed.
///
/// It has no stdin; what it says on stderr is for the person at the terminal, unless
/// `quiet`. `TimedOut` when it takes longer than `limit`; it is then ended.
pub(crate) fn run(
    program: &OsStr,
    arguments: &[&OsStr],
    limit: Duration,
    quiet: bool,
) -> io::Result<Output> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped());
    command.stderr(if quiet { Stdio::piped() } else { Stdio::inherit() });
    for variable in SECRETS {
        command.env_remove(variable);
    }
    for variable in hidden().iter() {
        command.env_remove(variable);
    }
    let mut child = command.spawn()?;
    let result = finish(&mut child, Instant::now() + limit);
    if result.is_err() {
        // It may be over by now, which is just as well.
        drop(child.kill());
        drop(child.wait());
    }
    result
}

fn finish(child: &mut Child, end: Instant) -> io::Result<Output> {
    let stdout = reader(child.stdout.take());
    let stderr = reader(child.stderr.take());
    let [stdout, stderr] = [receive(&stdout, end)?, receive(&stderr, end)?];
    let (_open, never) = channel::<()>();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Output { status, stdout, stderr });
        }
        if Instant::now() >= end {
            return Err(io::ErrorKind::TimedOut.into());
        }
        let _ = never.recv_timeout(GLANCE);
    }
}

/// Reads in a thread of its own: a pipe knows no time limit.
fn reader(pipe: Option<impl Read + Send + 'static>) -> Receiver<io::Result<Vec<u8>>> {
    let (done, result) = channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = match pipe {
            Some(pipe) => pipe.take(LARGEST).read_to_end(&mut bytes),
            None => Ok(0),
        };
        // Nobody listens any more when the time is over.
        drop(done.send(read.map(|_| bytes)));
    });
    result
}

fn receive(from: &Receiver<io::Result<Vec<u8>>>, end: Instant) -> io::Result<Vec<u8>> {
    match from.recv_timeout(end.saturating_duration_since(Instant::now())) {
        Ok(read) => read,
        Err(RecvTimeoutError::Timeout) => Err(io::ErrorKind::TimedOut.into()),
        Err(RecvTimeoutError::Disconnected) => Err(io::ErrorKind::BrokenPipe.into()),
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;

    fn sh(script: &str, limit: Duration) -> io::Result<Output> {
        run(OsStr::new("sh"), &["-c", script].map(OsStr::new), limit, true)
    }

    #[test]
    fn what_a_program_prints_comes_back_with_its_status() {
        let output = sh("echo out; echo err >&2; exit 3", LIMIT).unwrap();
        assert_eq!((output.stdout, output.stderr), (b"out\n".to_vec(), b"err\n".to_vec()));
        assert_eq!(output.status.code(), Some(3));
        let missing = run(OsStr::new("/no/such/program"), &[], LIMIT, true).unwrap_err();
        assert_eq!(missing.kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn a_program_that_hangs_is_ended_whether_it_prints_or_not() {
        for script in
            ["exec cat /dev/zero >/dev/null", "exec 1>&- 2>&-; exec cat /dev/zero >/dev/null"]
        {
            let error = sh(script, Duration::from_millis(50)).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::TimedOut, "{script}");
        }
    }

    #[test]
    fn a_program_does_not_see_secrets() {
        // Cargo sets this one for every test.
        let seen = || sh("echo \"$CARGO_PKG_NAME\"", LIMIT).unwrap().stdout;
        assert_eq!(seen(), b"entraql\n");
        hide("CARGO_PKG_NAME");
        assert_eq!(seen(), b"\n");
    }
}
