//! `accolade man`

use std::io::{self, Write};

use accolade_engine::output::replace_file;
use accolade_parser::suggest;
use clap::Command;
use clap_mangen::Man;

use crate::args::{Arguments, ManArgs};
use crate::exit::Failure;
use crate::progress;

/// Prints the manual page of accolade or of one command, or writes all of them to a folder.
pub(crate) fn man(arguments: &ManArgs) -> Result<(), Failure> {
    let pages = pages();
    if let Some(folder) = &arguments.output {
        for (name, page) in &pages {
            let path = folder.join(format!("{name}.1"));
            let text = render(page)?;
            std::fs::create_dir_all(folder)
                .and_then(|()| replace_file(&path, |sink| sink.write_all(&text)))
                .map_err(|error| Failure::Message(format!("`{}` cannot be written: {error}", path.display())))?;
        }
        return Ok(progress::note(format!("{} pages written to {}", pages.len(), folder.display()))?);
    }
    let wanted = arguments.command.as_ref().map_or("accolade".to_owned(), |name| format!("accolade-{name}"));
    match pages.iter().find(|(name, _)| *name == wanted) {
        Some((_, page)) => Ok(io::stdout().write_all(&render(page)?)?),
        None => {
            let asked = arguments.command.as_deref().unwrap_or_default();
            let known = pages.iter().filter_map(|(name, _)| name.strip_prefix("accolade-"));
            let hint = suggest(asked, known).map_or(String::new(), |near| format!("; did you mean `{near}`?"));
            Err(Failure::Message(format!("there is no command `{asked}`{hint}")))
        }
    }
}

/// The page of the program and of each command, by name.
fn pages() -> Vec<(String, Command)> {
    let mut program = Arguments::grammar().disable_help_subcommand(true);
    program.build();
    let of_command = |command: &Command| (format!("accolade-{}", command.get_name()), command.clone());
    let commands: Vec<_> = program.get_subcommands().map(of_command).collect();
    std::iter::once(("accolade".to_owned(), program)).chain(commands).collect()
}

fn render(page: &Command) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    Man::new(page.clone()).render(&mut text)?;
    Ok(text)
}
