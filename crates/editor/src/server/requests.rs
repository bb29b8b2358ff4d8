//! The handlers of requests and notifications.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use lsp_server::{ErrorCode, Notification, Request, Response};
use lsp_types::{
    CodeActionProviderCapability, CompletionOptions, CompletionResponse, DidChangeTextDocumentParams,
    DidCloseTextDocumentParams, DidOpenTextDocumentParams, DidSaveTextDocumentParams, DocumentSymbolResponse,
    ExecuteCommandOptions, GotoDefinitionResponse, HoverProviderCapability, OneOf, PrepareRenameResponse,
    RenameOptions, SaveOptions, ServerCapabilities, TextDocumentPositionParams, TextDocumentSyncCapability,
    TextDocumentSyncKind, TextDocumentSyncOptions, TextDocumentSyncSaveOptions, request as asked,
};
use serde_json::Value;

use super::main_loop::LanguageServer;
use super::position::{LineIndex, PositionEncoding};
use super::{actions, completion, definition, format, hover, rename, symbols, uri};

/// The capabilities of the server.
pub(super) fn capabilities(encoding: PositionEncoding) -> ServerCapabilities {
    ServerCapabilities {
        position_encoding: Some(encoding.kind()),
        text_document_sync: Some(TextDocumentSyncCapability::Options(TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::FULL),
            save: Some(TextDocumentSyncSaveOptions::SaveOptions(SaveOptions::default())),
            ..TextDocumentSyncOptions::default()
        })),
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some([".", "\"", "'", ":", " ", "{", "(", ",", "["].map(str::to_owned).to_vec()),
            ..CompletionOptions::default()
        }),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        definition_provider: Some(OneOf::Left(true)),
        references_provider: Some(OneOf::Left(true)),
        document_symbol_provider: Some(OneOf::Left(true)),
        document_formatting_provider: Some(OneOf::Left(true)),
        code_action_provider: Some(CodeActionProviderCapability::Simple(true)),
        rename_provider: Some(OneOf::Right(RenameOptions {
            prepare_provider: Some(true),
            work_done_progress_options: lsp_types::WorkDoneProgressOptions::default(),
        })),
        execute_command_provider: Some(ExecuteCommandOptions {
            commands: vec![actions::EXPLAIN.to_owned()],
            ..ExecuteCommandOptions::default()
        }),
        ..ServerCapabilities::default()
    }
}

/// The code and message of a request that fails.
type RequestError = (ErrorCode, String);
type Handler = fn(&mut LanguageServer, Value) -> Result<Value, RequestError>;

const HANDLERS: &[(&str, Handler)] = &[
    ("textDocument/completion", |server, params| {
        handle::<asked::Completion>(server, params, |server, params| {
            let Some(at) = server.cursor(&params.text_document_position) else { return Ok(None) };
            Ok(Some(CompletionResponse::Array(completion::complete(server, &at))))
        })
    }),
    ("textDocument/hover", |server, params| {
        handle::<asked::HoverRequest>(server, params, |server, params| {
            server.check();
            Ok(server.cursor(&params.text_document_position_params).and_then(|at| hover::hover(server, &at)))
        })
    }),
    ("textDocument/definition", |server, params| {
        handle::<asked::GotoDefinition>(server, params, |server, params| {
            server.check();
            let at = server.cursor(&params.text_document_position_params);
            Ok(at.map(|at| GotoDefinitionResponse::Array(definition::definition(server, &at))))
        })
    }),
    ("textDocument/references", |server, params| {
        handle::<asked::References>(server, params, |server, params| {
            server.check();
            let at = server.cursor(&params.text_document_position);
            Ok(at.map(|at| definition::references(server, &at, params.context.include_declaration)))
        })
    }),
    ("textDocument/prepareRename", |server, params| {
        handle::<asked::PrepareRenameRequest>(server, params, |server, params| {
            server.check();
            let Some(at) = server.cursor(&params) else { return Ok(None) };
            let (range, placeholder) = rename::prepare(server, &at)?;
            Ok(Some(PrepareRenameResponse::RangeWithPlaceholder { range, placeholder }))
        })
    }),
    ("textDocument/rename", |server, params| {
        handle::<asked::Rename>(server, params, |server, params| {
            server.check();
            let Some(at) = server.cursor(&params.text_document_position) else { return Ok(None) };
            rename::rename(server, &at, &params.new_name).map(Some)
        })
    }),
    ("textDocument/codeAction", |server, params| {
        handle::<asked::CodeActionRequest>(server, params, |server, params| {
            server.check();
            Ok(uri::path(&params.text_document.uri).map(|path| actions::actions(server, &path, params.range)))
        })
    }),
    ("textDocument/documentSymbol", |server, params| {
        handle::<asked::DocumentSymbolRequest>(server, params, |server, params| {
            let text = uri::path(&params.text_document.uri).and_then(|path| server.documents.text(&path));
            let symbols = text.map(|text| symbols::symbols(&text, server.encoding));
            Ok(symbols.map(DocumentSymbolResponse::Nested))
        })
    }),
    ("textDocument/formatting", |server, params| {
        handle::<asked::Formatting>(server, params, |server, params| {
            Ok(uri::path(&params.text_document.uri).and_then(|path| format::edits(server, &path)))
        })
    }),
    ("workspace/executeCommand", |server, params| {
        handle::<asked::ExecuteCommand>(server, params, |server, params| {
            actions::execute(server, &params.command, &params.arguments).map(|()| None)
        })
    }),
];

/// A place in a document.
#[derive(Clone, Debug)]
pub(super) struct Cursor {
    pub(super) path: PathBuf,
    pub(super) text: String,
    pub(super) offset: usize,
}

impl LanguageServer {
    /// The place in a document of a protocol position.
    pub(super) fn cursor(&self, params: &TextDocumentPositionParams) -> Option<Cursor> {
        let path = uri::path(&params.text_document.uri)?;
        let text = self.documents.text(&path)?;
        let offset = LineIndex::new(&text, self.encoding).offset(params.position);
        Some(Cursor { path, text, offset })
    }
}

/// The response to a request.
pub(super) fn handle_request(server: &mut LanguageServer, request: Request) -> Response {
    let Request { id, method, params } = request;
    let Some((_, handler)) = HANDLERS.iter().find(|(name, _)| *name == method) else {
        let message = format!("the method `{method}` is not supported");
        return Response::new_err(id, ErrorCode::MethodNotFound as i32, message);
    };
    match catch_panic(|| handler(server, params)) {
        Some(Ok(value)) => Response::new_ok(id, value),
        Some(Err((code, message))) => Response::new_err(id, code as i32, message),
        None => {
            Response::new_err(id, ErrorCode::InternalError as i32, format!("`{method}` failed; please report this"))
        }
    }
}

/// Runs `work` and returns its result, or `None` if it panics: a panic must not end the session of an editor.
pub(super) fn catch_panic<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}

fn handle<R: asked::Request>(
    server: &mut LanguageServer,
    params: Value,
    work: fn(&mut LanguageServer, R::Params) -> Result<R::Result, String>,
) -> Result<Value, RequestError> {
    let params = serde_json::from_value(params).map_err(|error| (ErrorCode::InvalidParams, error.to_string()))?;
    let result = work(server, params).map_err(|why| (ErrorCode::RequestFailed, why))?;
    serde_json::to_value(result).map_err(|error| (ErrorCode::InternalError, error.to_string()))
}

/// Handles a notification. Unknown ones are ignored, as the protocol demands.
pub(super) fn handle_notification(server: &mut LanguageServer, notification: Notification) {
    let Notification { method, params } = notification;
    catch_panic(|| match method.as_str() {
        "textDocument/didOpen" => {
            let Ok(DidOpenTextDocumentParams { text_document }) = serde_json::from_value(params) else { return };
            let Some(path) = uri::path(&text_document.uri) else { return };
            server.documents.set(path.clone(), text_document.text, text_document.version);
            server.mark_changed(path.clone());
            // The first diagnostics are worth having at once.
            server.check();
            server.compute_cut_offs(&path);
        }
        "textDocument/didChange" => {
            let Ok(params) = serde_json::from_value::<DidChangeTextDocumentParams>(params) else { return };
            let Some(path) = uri::path(&params.text_document.uri) else { return };
            // The change holds the whole text, since the server asks for full synchronization.
            let Some(change) = params.content_changes.into_iter().next_back() else { return };
            server.documents.set(path.clone(), change.text, params.text_document.version);
            server.mark_changed(path);
        }
        "textDocument/didSave" => {
            let Ok(params) = serde_json::from_value::<DidSaveTextDocumentParams>(params) else { return };
            let Some(path) = uri::path(&params.text_document.uri) else { return };
            server.mark_changed(path.clone());
            server.check();
            server.compute_cut_offs(&path);
        }
        "textDocument/didClose" => {
            let Ok(params) = serde_json::from_value::<DidCloseTextDocumentParams>(params) else { return };
            let Some(path) = uri::path(&params.text_document.uri) else { return };
            server.documents.close(&path);
            server.mark_changed(path);
        }
        _ => {}
    });
}
