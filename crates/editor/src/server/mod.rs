//! The language server: diagnostics as you type, completion, hover, definitions, renaming, code actions and formatting
//! for rule files, their scripts and their tests.
//!
//! ```text
//! open documents over the file system ─ project: compile each root ─ Analysis ─▶ diagnostics, hover, definition, rename
//! text of a document ─ format of the parser ─▶ formatting
//! text around the cursor (context) + the last analysis without errors ─▶ completion
//! saved rule file and its data ─ background thread: cut-offs ─▶ hover
//! ```

mod actions;
mod completion;
mod context;
mod cut_offs;
mod data_columns;
mod definition;
mod diagnostics;
mod documents;
mod format;
mod hover;
mod main_loop;
mod names;
mod position;
mod project;
mod rename;
mod requests;
mod symbols;
#[cfg(test)]
mod testing;
mod uri;

use std::sync::Arc;

use accolade_engine::Plugins;

pub use main_loop::serve;

/// The configuration of the server.
#[derive(Clone)]
pub struct ServerOptions {
    /// The kinds, functions and script host that rule files can use.
    pub plugins: Arc<Plugins>,
    /// Returns the page of a diagnostic code, as Markdown.
    pub page: fn(&str) -> Option<&'static str>,
}

impl std::fmt::Debug for ServerOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options").field("plugins", &self.plugins).finish_non_exhaustive()
    }
}
