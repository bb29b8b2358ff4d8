//! Rows that a thread of its own reads, for readers that cannot be left and come back to.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use super::rows::{RowReader, Rows};

/// Batches that are read ahead.
const AHEAD: usize = 2;

/// Takes a batch; false if nobody wants more.
pub(super) type Sink<'a> = &'a mut dyn FnMut(Rows) -> bool;

/// The rows that `read` gives to its sink, and what kept it from giving all of them.
pub(super) fn feed(read: impl FnOnce(Sink<'_>) -> Result<(), String> + Send + 'static) -> RowReader {
    let (sender, receiver) = sync_channel(AHEAD);
    thread::spawn(move || {
        let sender: SyncSender<Message> = sender;
        let result = read(&mut |rows| sender.send(Message::Rows(rows)).is_ok());
        // Nobody listens if nobody wanted more.
        let _ = sender.send(Message::End(result));
    });
    Box::new(Fed { receiver, done: false })
}

enum Message {
    Rows(Rows),
    End(Result<(), String>),
}

struct Fed {
    receiver: Receiver<Message>,
    done: bool,
}

impl Iterator for Fed {
    type Item = Rows;

    fn next(&mut self) -> Option<Rows> {
        if self.done {
            return None;
        }
        let end = match self.receiver.recv() {
            Ok(Message::Rows(rows)) => return Some(rows),
            Ok(Message::End(result)) => result,
            Err(_) => Err("a reader stopped".to_owned()),
        };
        self.done = true;
        end.err().map(Rows::failed)
    }
}
