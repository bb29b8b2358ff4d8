//! One file a command.

mod calibrate;
mod check;
#[cfg_attr(not(feature = "cluster"), path = "no_cluster.rs")]
mod cluster;
mod compare;
mod completions;
mod deliver;
mod docs;
mod explain;
mod explain_code;
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

use crate::args::Command;
use crate::exit::Failure;

/// Runs the command.
pub(crate) fn dispatch(command: Command) -> Result<(), Failure> {
    match command {
        Command::Init(arguments) => init::init(&arguments),
        Command::Check(arguments) => check::check(&arguments),
        Command::Run(arguments) => run::run(&arguments),
        Command::Calibrate(arguments) => calibrate::calibrate(&arguments),
        Command::Report(arguments) => report::report(&arguments),
        Command::Compare(arguments) => compare::compare(&arguments),
        Command::Fmt(arguments) => fmt::fmt(&arguments),
        Command::Schema(arguments) => schema::schema(&arguments),
        Command::Docs(arguments) => docs::docs(&arguments),
        Command::Functions(arguments) => functions::functions(&arguments),
        Command::Sql(arguments) => sql::sql(&arguments),
        Command::Test(arguments) => test::test(&arguments),
        Command::Explain(arguments) => explain::explain(&arguments),
        Command::Profile(arguments) => profile::profile(&arguments),
        Command::Serve(arguments) => serve::serve(arguments),
        Command::Scheduler(arguments) => cluster::scheduler(&arguments),
        Command::Executor(arguments) => cluster::executor(&arguments),
        Command::Lsp => lsp::lsp(),
        Command::ExplainCode { code } => explain_code::explain_code(&code),
        Command::Completions { shell } => completions::completions(shell),
        Command::Man(arguments) => man::man(&arguments),
    }
}
