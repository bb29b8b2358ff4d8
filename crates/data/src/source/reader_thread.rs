//! Rows from a thread of their own, for readers that cannot be suspended between batches.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use super::foreign::guarded;
use super::rows::{RowBatch, RowReader};

/// The number of batches that are read ahead.
const AHEAD: usize = 2;

/// Receives a batch; returns false if no more are wanted.
pub(super) type RowSink<'a> = &'a mut dyn FnMut(RowBatch) -> bool;

/// Runs `read` on a new thread and returns the rows that it passes to its sink. An error of `read` ends the rows.
pub(super) fn read_on_thread(read: impl FnOnce(RowSink<'_>) -> Result<(), String> + Send + 'static) -> RowReader {
    let (sender, receiver) = sync_channel(AHEAD);
    thread::spawn(move || {
        let sender: SyncSender<Message> = sender;
        let result = guarded(|| read(&mut |rows| sender.send(Message::Rows(rows)).is_ok())).flatten();
        // The receiver is gone if no more rows were wanted.
        let _ = sender.send(Message::End(result));
    });
    Box::new(ThreadRows { receiver, done: false })
}

enum Message {
    Rows(RowBatch),
    End(Result<(), String>),
}

struct ThreadRows {
    receiver: Receiver<Message>,
    done: bool,
}

impl Iterator for ThreadRows {
    type Item = RowBatch;

    fn next(&mut self) -> Option<RowBatch> {
        if self.done {
            return None;
        }
        let end = match self.receiver.recv() {
            Ok(Message::Rows(rows)) => return Some(rows),
            Ok(Message::End(result)) => result,
            Err(_) => Err("a reader stopped".to_owned()),
        };
        self.done = true;
        end.err().map(RowBatch::failed)
    }
}
