//! `saoy`: the use cases of a counter without a window, for scripts, administrators, tests and
//! benchmarks. Adapters only; everything that matters is in the core.

mod arguments;
mod capture;
mod commands;
mod dossier;
mod key;
mod output;
mod sign;
mod texts;
mod verdict;
mod words;

use std::process::ExitCode;

use clap::Parser as _;

use arguments::Arguments;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(e) => return output::usage(&e),
    };
    if matches!(arguments.command, arguments::Command::Reader) {
        return commands::serve_reader();
    }
    let json = arguments.json;
    match commands::run(arguments) {
        Ok(answer) => output::answer(&answer, json),
        Err(error) => output::error(&error, json),
    }
}
