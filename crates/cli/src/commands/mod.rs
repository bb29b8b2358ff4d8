//! The commands, one file each.

mod calibrate;
mod check;
#[cfg_attr(not(feature = "cluster"), path = "no_cluster.rs")]
mod cluster;
mod compare;
mod completions;
mod docs;
mod explain;
mod explain_code;
mod files;
mod fmt;
mod functions;
mod init;
mod lsp;
mod man;
mod profile;
mod report;
mod run;
mod schema;
mod serve;
mod sql;
mod test;
mod write_text;

use crate::args::Command;
use crate::exit::Failure;
use crate::extensions::Extensions;
use crate::signals;

/// Runs the command.
pub(crate) fn dispatch(command: Command, extensions: &Extensions) -> Result<(), Failure> {
    // The others run until a signal ends them, and handle it themselves.
    if !matches!(command, Command::Serve(_) | Command::Scheduler(_) | Command::Executor(_) | Command::Lsp) {
        signals::watch()?;
    }
    match command {
        Command::Init(arguments) => init::init(&arguments, extensions),
        Command::Check(arguments) => check::check(&arguments, extensions),
        Command::Run(arguments) => run::run(&arguments, extensions),
        Command::Calibrate(arguments) => calibrate::calibrate(&arguments, extensions),
        Command::Report(arguments) => report::report(&arguments, extensions),
        Command::Compare(arguments) => compare::compare(&arguments, extensions),
        Command::Fmt(arguments) => fmt::fmt(&arguments, extensions),
        Command::Schema(arguments) => schema::schema(&arguments, extensions),
        Command::Docs(arguments) => docs::docs(&arguments, extensions),
        Command::Functions(arguments) => functions::functions(&arguments, extensions),
        Command::Sql(arguments) => sql::sql(&arguments, extensions),
        Command::Test(arguments) => test::test(&arguments, extensions),
        Command::Explain(arguments) => explain::explain(&arguments, extensions),
        Command::Profile(arguments) => profile::profile(&arguments, extensions),
        Command::Serve(arguments) => serve::serve(arguments, extensions.clone()),
        Command::Scheduler(arguments) => cluster::scheduler(&arguments),
        Command::Executor(arguments) => cluster::executor(&arguments, extensions),
        Command::Lsp => lsp::lsp(extensions),
        Command::ExplainCode { code } => explain_code::explain_code(&code),
        Command::Completions { shell } => completions::completions(shell),
        Command::Man(arguments) => man::man(&arguments),
    }
}
