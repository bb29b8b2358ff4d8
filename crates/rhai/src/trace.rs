//! What scripts `print` and `debug`, passed to a callback.

use std::cell::RefCell;
use std::sync::Arc;

use accolade_core::model::Value;
use accolade_core::show;
use rhai::{Engine, Position};

use crate::guard;

/// A callback for what a script prints. Its arguments are the customer's key, the line of a `debug`, and the text.
pub type Trace = Arc<dyn Fn(&str, Option<usize>, &str) + Send + Sync>;

thread_local! {
    /// The callback of the script that runs on this thread, and the customer's key.
    static CURRENT: RefCell<Option<(Trace, String)>> = const { RefCell::new(None) };
}

/// Runs `work`, the call of a script for `customer`, and passes what it prints to `trace`.
pub(crate) fn with_trace<T>(trace: Option<&Trace>, customer: &Value, work: impl FnOnce() -> T) -> T {
    // A script that another calls prints for the customer of that one.
    let Some(trace) = trace.filter(|_| !guard::is_called()) else { return work() };
    CURRENT.set(Some((Arc::clone(trace), show::value(customer))));
    let result = work();
    CURRENT.set(None);
    result
}

fn say(line: Option<usize>, text: &str) {
    CURRENT.with_borrow(|current| {
        if let Some((trace, customer)) = current {
            trace(customer, line, text);
        }
    });
}

pub(crate) fn register(engine: &mut Engine) {
    engine.on_print(|text| say(None, text));
    engine.on_debug(|text, _, position: Position| say(position.line(), text));
}
