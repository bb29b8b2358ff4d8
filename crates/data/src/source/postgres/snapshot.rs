//! A snapshot of a server's data, shared by all connections that read it.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use accolade_core::location::PostgresDatabase;
use postgres::Client;

use super::ReasonAndHelp;
use super::connect::{connect, error_message, hint};

/// The snapshots of the servers that a run reads, one for each server.
#[derive(Debug, Default)]
pub struct Snapshots(Vec<Arc<Snapshot>>);

impl Snapshots {
    /// The snapshot of a server, which is the same for all sources of a run.
    pub(super) fn get_or_begin(&mut self, server: &PostgresDatabase) -> Result<Arc<Snapshot>, ReasonAndHelp> {
        if let Some(moment) = self.0.iter().find(|moment| moment.server == *server) {
            return Ok(Arc::clone(moment));
        }
        let moment = Arc::new(Snapshot::begin(server)?);
        self.0.push(Arc::clone(&moment));
        Ok(moment)
    }
}

/// A read-only transaction, kept open so that other connections can use its snapshot.
#[derive(Debug)]
pub(super) struct Snapshot {
    server: PostgresDatabase,
    /// The server's identifier of the snapshot.
    snapshot: String,
    /// The transaction ends when this is dropped.
    _open: Sender<()>,
}

impl Snapshot {
    fn begin(server: &PostgresDatabase) -> Result<Snapshot, ReasonAndHelp> {
        let (open, ended) = channel();
        let (began, begun) = channel();
        let own = server.clone();
        // A client must not be dropped in an async runtime, so it stays on a thread of its own.
        thread::spawn(move || hold(&own, &began, &ended));
        let snapshot = begun.recv().unwrap_or_else(|_| Err(("the connection ended".to_owned(), None)))?;
        Ok(Snapshot { server: server.clone(), snapshot, _open: open })
    }

    /// Opens a connection that sees this snapshot.
    pub(super) fn connect(&self) -> Result<Client, ReasonAndHelp> {
        let mut client = connect(&self.server)?;
        let begin = format!("{BEGIN}; SET TRANSACTION SNAPSHOT '{}'", self.snapshot);
        client.batch_execute(&begin).map_err(failed)?;
        Ok(client)
    }
}

const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

fn hold(server: &PostgresDatabase, began: &Sender<Result<String, ReasonAndHelp>>, ended: &Receiver<()>) {
    let mut client = match connect(server) {
        Ok(client) => client,
        Err(why) => {
            // `begin` is waiting for this message, so it is received.
            let _ = began.send(Err(why));
            return;
        }
    };
    let snapshot = client.batch_execute(BEGIN).and_then(|()| client.query_one("SELECT pg_export_snapshot()", &[]));
    let _ = began.send(snapshot.map(|row| row.get(0)).map_err(failed));
    // Nothing is ever sent: this waits for the `Moment` to be dropped.
    let _ = ended.recv();
}

fn failed(error: postgres::Error) -> ReasonAndHelp {
    (error_message(&error), hint(&error))
}
