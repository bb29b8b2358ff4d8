//! The main loop: handles one message after another, and checks documents when typing pauses.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use lsp_server::{Connection, Message, Notification, Request, RequestId};
use lsp_types::{InitializeParams, PublishDiagnosticsParams};
use serde::Serialize;

use super::cut_offs::CutOffWorker;
use super::diagnostics::PublishedDiagnostics;
use super::documents::Documents;
use super::position::PositionEncoding;
use super::project::Project;
use super::requests::capabilities;
use super::uri::uri;
use super::{ServerOptions, requests};

/// How long typing must pause before the documents are checked.
const PAUSE: Duration = Duration::from_millis(120);

/// The capabilities of the client.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ClientSupport {
    /// Whether it supports `window/showDocument`.
    pub(super) shows_documents: bool,
}

/// The state of the server. Messages to the client are queued in `outbox`.
pub(super) struct LanguageServer {
    pub(super) options: ServerOptions,
    pub(super) encoding: PositionEncoding,
    pub(super) client: ClientSupport,
    pub(super) documents: Documents,
    pub(super) project: Project,
    pub(super) cut_offs: CutOffWorker,
    /// The folder of the diagnostic pages that were shown.
    pub(super) pages: Option<tempfile::TempDir>,
    published: PublishedDiagnostics,
    changed: BTreeSet<PathBuf>,
    due: Option<Instant>,
    pub(super) outbox: Vec<Message>,
    requests: i32,
}

/// Serves the language server protocol over standard input and output until the client ends the session.
///
/// # Errors
/// Fails when the connection breaks or the client violates the protocol.
pub fn serve(options: ServerOptions) -> io::Result<()> {
    let (connection, threads) = Connection::stdio();
    let ended = run(&connection, options);
    // The threads end when the connection does.
    drop(connection);
    ended?;
    threads.join()
}

fn run(connection: &Connection, options: ServerOptions) -> io::Result<()> {
    let (id, params) = connection.initialize_start().map_err(io::Error::other)?;
    let params: InitializeParams = match serde_json::from_value(params) {
        Ok(params) => params,
        Err(error) => {
            let code = lsp_server::ErrorCode::InvalidParams as i32;
            send(connection, lsp_server::Response::new_err(id, code, error.to_string()).into())?;
            return Err(io::Error::other(error));
        }
    };
    let mut server = LanguageServer::new(options, &params);
    let answer = serde_json::json!({
        "capabilities": capabilities(server.encoding),
        "serverInfo": {"name": "accolade", "version": env!("CARGO_PKG_VERSION")},
    });
    connection.initialize_finish(id, answer).map_err(io::Error::other)?;
    while let Some(message) = next(connection, &mut server)? {
        match message {
            Message::Request(request) => {
                if connection.handle_shutdown(&request).map_err(io::Error::other)? {
                    return Ok(());
                }
                let response = requests::handle_request(&mut server, request);
                server.outbox.push(response.into());
            }
            Message::Notification(notification) if notification.method == "exit" => {
                return Err(io::Error::other("the client sent `exit` without `shutdown`"));
            }
            Message::Notification(notification) => requests::handle_notification(&mut server, notification),
            Message::Response(_) => {}
        }
        for message in server.outbox.drain(..) {
            send(connection, message)?;
        }
    }
    Ok(())
}

/// The next message, or `None` at the end. Checks documents that are due while it waits.
fn next(connection: &Connection, server: &mut LanguageServer) -> io::Result<Option<Message>> {
    while let Some(due) = server.due {
        match connection.receiver.recv_timeout(due.saturating_duration_since(Instant::now())) {
            Ok(message) => return Ok(Some(message)),
            Err(wait) if wait.is_timeout() => {
                requests::catch_panic(|| server.check());
                for message in server.outbox.drain(..) {
                    send(connection, message)?;
                }
            }
            Err(_) => return Ok(None),
        }
    }
    Ok(connection.receiver.recv().ok())
}

fn send(connection: &Connection, message: Message) -> io::Result<()> {
    connection.sender.send(message).map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))
}

impl LanguageServer {
    pub(super) fn new(options: ServerOptions, params: &InitializeParams) -> LanguageServer {
        let general = params.capabilities.general.as_ref();
        let encodings = general.and_then(|general| general.position_encodings.as_deref());
        let window = params.capabilities.window.as_ref();
        let shows = window.and_then(|window| window.show_document.as_ref()).is_some_and(|show| show.support);
        LanguageServer {
            cut_offs: CutOffWorker::new(std::sync::Arc::clone(&options.plugins)),
            options,
            encoding: PositionEncoding::negotiate(encodings),
            client: ClientSupport { shows_documents: shows },
            documents: Documents::default(),
            project: Project::default(),
            pages: None,
            published: PublishedDiagnostics::default(),
            changed: BTreeSet::new(),
            due: None,
            outbox: Vec::new(),
            requests: 0,
        }
    }

    /// Schedules a check of a changed document.
    pub(super) fn mark_changed(&mut self, path: PathBuf) {
        self.changed.insert(path);
        self.due = Some(Instant::now() + PAUSE);
    }

    /// Checks the changed documents and publishes their diagnostics.
    pub(super) fn check(&mut self) {
        self.due = None;
        let changed = std::mem::take(&mut self.changed);
        if changed.is_empty() {
            return;
        }
        let roots = self.project.check(&changed, &self.documents, &self.options.plugins);
        let mut files = BTreeSet::new();
        for analysis in roots.iter().filter_map(|root| self.project.analysis(root)) {
            files.extend(self.published.replace(analysis, self.encoding));
        }
        for root in self.project.forget(&self.documents) {
            files.extend(self.published.forget(&root));
        }
        files.iter().for_each(|path| self.publish(path));
    }

    /// Starts computing the cut-offs of the rule files that a document is part of.
    pub(super) fn compute_cut_offs(&mut self, path: &Path) {
        let roots: Vec<PathBuf> =
            self.project.analyses_of(path).filter(|a| a.compilation.is_some()).map(|a| a.root.clone()).collect();
        roots.into_iter().for_each(|root| self.cut_offs.compute(root));
    }

    fn publish(&mut self, path: &Path) {
        let Some(uri) = uri(path) else { return };
        let version = self.documents.get(path).map(|document| document.version);
        let diagnostics = self.published.of(path);
        self.notify("textDocument/publishDiagnostics", PublishDiagnosticsParams { uri, diagnostics, version });
    }

    /// Queues a notification to the client.
    pub(super) fn notify(&mut self, method: &str, params: impl Serialize) {
        self.outbox.push(Notification::new(method.to_owned(), params).into());
    }

    /// Queues a request to the client, whose response is ignored.
    pub(super) fn send_request(&mut self, method: &str, params: impl Serialize) {
        self.requests += 1;
        let id = RequestId::from(self.requests);
        self.outbox.push(Request::new(id, method.to_owned(), params).into());
    }
}
