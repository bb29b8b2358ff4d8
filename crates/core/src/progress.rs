//! How far work is, told to whoever wants to show it; nothing here prints.

use std::fmt::Debug;
use std::path::Path;
use std::sync::Arc;

/// What is told while work goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// A source is read now; `rows` is about how many rows it has, where that can be told.
    Reading {
        /// The source's name.
        source: &'a str,
        /// Its file.
        path: &'a Path,
        /// About how many rows it has.
        rows: Option<u64>,
    },
    /// So many more rows of a source were read.
    Rows {
        /// The source's name.
        source: &'a str,
        /// How many more.
        more: u64,
    },
    /// Of work in steps, such as rating rule by rule, another step is done or begins.
    Step {
        /// The work, as a heading: `rating`.
        work: &'static str,
        /// What is worked on.
        name: &'a str,
        /// Steps done.
        done: usize,
        /// All steps.
        of: usize,
    },
    /// The work is done, or cannot be.
    Finished,
}

/// Who is told; called from several threads.
pub trait Observe: Debug + Send + Sync {
    /// Tells what happens.
    fn tell(&self, event: Event<'_>);
}

/// Someone who is told how far work is, or nobody.
#[derive(Clone, Debug, Default)]
pub struct Observer(Option<Arc<dyn Observe>>);

impl Observer {
    /// Tells `who`.
    pub fn new(who: Arc<dyn Observe>) -> Observer {
        Observer(Some(who))
    }

    /// Whether anybody is told.
    pub fn is_listening(&self) -> bool {
        self.0.is_some()
    }

    /// Tells what happens.
    pub fn tell(&self, event: Event<'_>) {
        if let Some(who) = &self.0 {
            who.tell(event);
        }
    }

    /// Tells that the work is finished when what this gives is dropped, however the work ends.
    pub fn working(&self) -> Working<'_> {
        Working(self)
    }
}

/// Work that goes on as long as this is kept.
#[derive(Debug)]
pub struct Working<'a>(&'a Observer);

impl Drop for Working<'_> {
    fn drop(&mut self) {
        self.0.tell(Event::Finished);
    }
}
