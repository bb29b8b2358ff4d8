//! Limits on the time and memory of one call.
//!
//! The engine limits the size of each value, but not of all variables together, and for an indexed insertion it checks
//! only the item. So all variables are measured every [`USES`] times that one of them is used; between two measurements
//! a call can allocate a few megabytes at most.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use accolade_core::script::ScriptLimits;
use rhai::{Dynamic, Engine, EvalAltResult, EvalContext, Position, Scope};

/// Steps between two readings of the clock.
const STEPS: u64 = 256;
/// Uses of variables between two measurements.
const USES: u32 = 16;
/// Bytes of a value, and of an entry of a map besides its value.
const VALUE: usize = 16;
const ENTRY: usize = 64;
/// Deeper than any value that the other limits allow.
const MAX_DEPTH: usize = 200;

/// What a call has used so far.
struct CallUsage {
    since: Option<Instant>,
    uses: u32,
    /// How many variables the script is given.
    given: usize,
    /// Bytes of the variables of each function that is running.
    bytes: Vec<usize>,
}

thread_local! {
    static USED: RefCell<CallUsage> = const { RefCell::new(CallUsage { since: None, uses: 0, given: 0, bytes: Vec::new() }) };
}

/// Resets the limits before a call of a script that is given `given` variables.
pub(crate) fn begin(given: usize) {
    USED.with_borrow_mut(|used| {
        used.since = None;
        used.uses = 0;
        used.given = given;
        used.bytes.clear();
    });
}

pub(crate) fn register(engine: &mut Engine, limits: &ScriptLimits) {
    let time = Duration::from_millis(limits.get("milliseconds"));
    engine.on_progress(move |steps| {
        if steps % STEPS != 0 {
            return None;
        }
        let late = USED.with_borrow_mut(|used| used.since.get_or_insert_with(Instant::now).elapsed() > time);
        late.then(|| {
            Dynamic::from(format!("it took more than {} ms; see `milliseconds` of `script_limits`", time.as_millis()))
        })
    });
    let most = bytes(limits);
    #[allow(deprecated)] // Rhai marks it only as subject to change.
    engine.on_var(move |_, _, context| {
        let due = USED.with_borrow_mut(|used| {
            used.uses += 1;
            used.uses % USES == 0
        });
        if due && measured(&context) > most {
            return Err(too_much(most));
        }
        Ok(None)
    });
}

/// The most bytes that the values of a call may take.
pub(crate) fn bytes(limits: &ScriptLimits) -> usize {
    usize::try_from(limits.get("memory")).unwrap_or(usize::MAX).saturating_mul(1 << 20)
}

/// The error of a call whose values take more than `most` bytes.
pub(crate) fn too_much(most: usize) -> Box<EvalAltResult> {
    let message = format!("its values take more than {} MB; see `memory` of `script_limits`", most >> 20);
    Box::new(EvalAltResult::ErrorTerminated(message.into(), Position::NONE))
}

/// The bytes of all variables of the running functions; outer functions as they were last measured.
fn measured(context: &EvalContext) -> usize {
    let level = context.call_level();
    USED.with_borrow_mut(|used| {
        // The first variables are the given fields, which do not count.
        let given = if level == 0 { used.given } else { 0 };
        let own = variables(context.scope(), given) + context.this_ptr().map_or(0, |this| size(this, 0));
        used.bytes.resize(level + 1, 0);
        used.bytes[level] = own;
        used.bytes.iter().sum()
    })
}

fn variables(scope: &Scope, given: usize) -> usize {
    scope.iter_raw().skip(given).map(|(_, _, value)| size(value, 0)).sum()
}

/// About how many bytes a value takes.
pub(crate) fn size(value: &Dynamic, depth: usize) -> usize {
    if depth > MAX_DEPTH {
        return VALUE;
    }
    let inner = if let Ok(text) = value.as_immutable_string_ref() {
        text.len()
    } else if let Ok(items) = value.as_array_ref() {
        items.iter().map(|item| size(item, depth + 1)).sum()
    } else if let Ok(map) = value.as_map_ref() {
        map.values().map(|item| ENTRY + size(item, depth + 1)).sum()
    } else {
        0
    };
    VALUE + inner
}
