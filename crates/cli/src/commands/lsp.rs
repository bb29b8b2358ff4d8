//! `accolade lsp`

use std::sync::Arc;

use accolade_editor::server::{Options, serve};

use crate::exit::Failure;
use crate::extensions::Extensions;
use crate::render::pages;

/// Serves an editor over standard input and output.
pub(crate) fn lsp(extensions: &Extensions) -> Result<(), Failure> {
    let options = Options { plugins: Arc::new(extensions.plugins()), page: pages::page };
    serve(options).map_err(|error| Failure::Io(format!("the connection to the editor is lost: {error}")))
}
