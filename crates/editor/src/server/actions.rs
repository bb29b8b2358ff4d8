//! Code actions: the fix of a finding, and the page of its code.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use accolade_parser::{Code, Diagnostic};
use lsp_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, Command, DocumentChanges, MessageType, OneOf,
    OptionalVersionedTextDocumentIdentifier, ShowDocumentParams, ShowMessageParams, TextDocumentEdit, TextEdit,
    WorkspaceEdit,
};
use serde_json::Value;

use super::diagnostics::diagnostic;
use super::main_loop::LanguageServer;
use super::position::LineIndex;
use super::project::Analysis;
use super::uri::uri;

/// The command that shows the page of a code.
pub(super) const EXPLAIN: &str = "accolade.explainCode";

/// The actions for the findings in a range of a document.
pub(super) fn actions(server: &LanguageServer, path: &Path, range: lsp_types::Range) -> Vec<CodeActionOrCommand> {
    let Some(text) = server.documents.text(path) else { return Vec::new() };
    let bytes = LineIndex::new(&text, server.encoding).bytes(range);
    let mut found: Vec<CodeActionOrCommand> = Vec::new();
    let analyses: Vec<Arc<Analysis>> = server.project.analyses_of(path).map(Arc::clone).collect();
    for analysis in analyses {
        let source = analysis.source(path);
        for finding in &analysis.findings {
            let place = finding.labels.first().map(|label| label.span);
            let here = match place {
                Some(span) => Some(span.source) == source && overlaps(&span.range(), &bytes),
                // A finding without a place is shown at the top of the root file.
                None => analysis.root == path && bytes.start == 0,
            };
            if here {
                let new = of_finding(server, &analysis, finding);
                found.extend(new.into_iter().filter(|action| !found.contains(action)).collect::<Vec<_>>());
            }
        }
    }
    found
}

fn overlaps(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start <= b.end && b.start <= a.end
}

/// One action for each help text. The first applies the fix, if there is one; the others show the code's page.
fn of_finding(server: &LanguageServer, analysis: &Analysis, finding: &Diagnostic) -> Vec<CodeActionOrCommand> {
    let shown = diagnostic(finding, analysis, server.encoding);
    let fix = finding.fix.as_ref().and_then(|fix| {
        let file = analysis.files.get(fix.span.source)?;
        let range = LineIndex::new(&file.text, server.encoding).range(fix.span.range());
        let (path, edit) = (super::uri::normal(&file.path), TextEdit::new(range, fix.replacement.clone()));
        edit_of(server, &path, vec![edit])
    });
    let help = finding.help.iter().enumerate();
    let mut found: Vec<CodeActionOrCommand> = help
        .map(|(i, help)| {
            let edit = fix.clone().filter(|_| i == 0).map(|change| WorkspaceEdit {
                document_changes: Some(DocumentChanges::Edits(vec![change])),
                ..WorkspaceEdit::default()
            });
            let preferred = edit.is_some();
            CodeActionOrCommand::CodeAction(CodeAction {
                title: title(help, finding.fix.as_ref().filter(|_| preferred).map(|fix| fix.replacement.as_str())),
                kind: Some(CodeActionKind::QUICKFIX),
                diagnostics: Some(vec![shown.clone()]),
                command: edit.is_none().then(|| explain(finding.code, help.clone())),
                edit,
                is_preferred: preferred.then_some(true),
                ..CodeAction::default()
            })
        })
        .collect();
    found.push(CodeActionOrCommand::Command(explain(finding.code, format!("explain {}", finding.code))));
    found
}

/// The title of an action: the replacement it makes, or the help text.
fn title(help: &str, replacement: Option<&str>) -> String {
    match replacement {
        Some(_) if !help.starts_with("did you mean") => help.to_owned(),
        Some(name) => format!("replace with `{name}`"),
        None => help.to_owned(),
    }
}

fn explain(code: Code, title: String) -> Command {
    Command { title, command: EXPLAIN.to_owned(), arguments: Some(vec![Value::from(code.id())]) }
}

/// Edits of a file, with the version they are meant for if it is open.
pub(super) fn edit_of(server: &LanguageServer, path: &Path, edits: Vec<TextEdit>) -> Option<TextDocumentEdit> {
    let version = server.documents.get(path).map(|document| document.version);
    let text_document = OptionalVersionedTextDocumentIdentifier { uri: uri(path)?, version };
    Some(TextDocumentEdit { text_document, edits: edits.into_iter().map(OneOf::Left).collect() })
}

/// Executes a command: opens the page of a code, or shows it as a message.
pub(super) fn execute(server: &mut LanguageServer, command: &str, arguments: &[Value]) -> Result<(), String> {
    if command != EXPLAIN {
        return Err(format!("there is no command `{command}`"));
    }
    let code = arguments.first().and_then(Value::as_str).ok_or("name a code, such as `E0501`")?.to_uppercase();
    let page = (server.options.page)(&code).ok_or_else(|| format!("there is no code `{code}`"))?;
    if server.client.shows_documents
        && let Some(uri) = write_page(server, &code, page)
    {
        let shown = ShowDocumentParams { uri, external: Some(false), take_focus: Some(true), selection: None };
        server.send_request("window/showDocument", shown);
        return Ok(());
    }
    server.notify("window/showMessage", ShowMessageParams { typ: MessageType::INFO, message: page.to_owned() });
    Ok(())
}

/// Writes a page to a temporary file, which lasts as long as the server, and returns its URI.
fn write_page(server: &mut LanguageServer, code: &str, page: &str) -> Option<lsp_types::Uri> {
    if server.pages.is_none() {
        server.pages = tempfile::tempdir().ok();
    }
    let path = server.pages.as_ref()?.path().join(format!("{code}.md"));
    std::fs::write(&path, page).ok()?;
    uri(&path)
}
