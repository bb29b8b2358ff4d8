//! `accolade lsp`

use std::sync::Arc;

use accolade_editor::server::{ServerOptions, serve};

use crate::exit::Failure;
use crate::extensions::Extensions;
use crate::render::code_pages;

/// Serves an editor over standard input and output.
pub(crate) fn lsp(extensions: &Extensions) -> Result<(), Failure> {
    let options = ServerOptions { plugins: Arc::new(extensions.plugins()), page: code_pages::page };
    serve(options).map_err(|error| Failure::Message(format!("the connection to the editor is lost: {error}")))
}
