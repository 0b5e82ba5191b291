//! Starts the runtime, runs the command line, and ends with its exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return entraql::cli::no_runtime(error),
    };
    let code = runtime.block_on(entraql::cli::main(std::env::args_os()));
    // A cancelled query may leave a task behind that nobody waits for.
    runtime.shutdown_background();
    code
}
