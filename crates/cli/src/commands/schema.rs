//! `accolade schema`

use std::io::Write;

use accolade_editor::schema;
use accolade_engine::output::replace_file;

use crate::args::SchemaArgs;
use crate::exit::Failure;
use crate::extensions::Extensions;
use crate::terminal;

/// Writes the schema of rule files or of test files.
pub(crate) fn schema(arguments: &SchemaArgs, extensions: &Extensions) -> Result<(), Failure> {
    let schema = if arguments.tests { schema::of_test_files() } else { schema::of_rule_files(&extensions.plugins()) };
    let text = format!("{schema:#}\n");
    let Some(path) = &arguments.output else { return Ok(write!(terminal::stdout(), "{text}")?) };
    replace_file(path, |sink| sink.write_all(text.as_bytes()))
        .map_err(|error| Failure::Message(format!("`{}` cannot be written: {error}", path.display())))
}
