//! Limits on the time and memory of one call.
//!
//! The engine limits the size of each value, but not of all variables together, and for an indexed insertion it checks
//! only the item. So all variables are measured every [`USES`] times that one of them is used; between two measurements
//! a call can allocate a few megabytes at most.

use std::cell::RefCell;

use accolade_core::script::ScriptLimits;
use rhai::{Dynamic, Engine, EvalAltResult, EvalContext, Position};

use crate::call_clock::{self, CallLimits};
use crate::native_result::NativeResult;

/// Uses of variables between two measurements.
const USES: u32 = 16;
/// Bytes of a value, and of an entry of a map besides its value.
const VALUE: usize = 16;
const ENTRY: usize = 64;
/// How deeply arrays and maps may nest. Whatever walks through a value takes stack for each level.
const MAX_DEPTH: usize = 200;
/// Items of an array or a map, and bytes of a text, from which a step with it may take long.
const LARGE: usize = 1_000;
const LARGE_TEXT: usize = 1 << 16;

/// What a call has used so far.
struct CallUsage {
    uses: u32,
    /// How many variables the script is given.
    given: usize,
    /// Bytes of the variables of each function that is running.
    bytes: Vec<usize>,
    /// Bytes of the script that called this one; none for a script that no other called.
    around: Option<usize>,
}

thread_local! {
    static USED: RefCell<CallUsage> = const { RefCell::new(CallUsage { uses: 0, given: 0, bytes: Vec::new(), around: None }) };
}

/// Resets the limits before a call of a script that is given `given` variables.
pub(crate) fn begin(given: usize) {
    USED.with_borrow_mut(|used| {
        // A script that another calls goes on with its time and steps.
        if used.around.is_none() {
            call_clock::begin();
        }
        used.uses = 0;
        used.given = given;
        used.bytes.clear();
    });
}

/// Runs `work`, which a script calls and which may run another script.
pub(crate) fn within_call<T>(work: impl FnOnce() -> T) -> T {
    let inner = USED.with_borrow(|used| CallUsage {
        uses: 0,
        given: 0,
        bytes: Vec::new(),
        around: Some(used.around.unwrap_or(0) + used.bytes.iter().sum::<usize>()),
    });
    let outer = USED.replace(inner);
    let result = work();
    USED.set(outer);
    result
}

/// Whether another script called the one that runs.
pub(crate) fn is_called() -> bool {
    USED.with_borrow(|used| used.around.is_some())
}

pub(crate) fn register(engine: &mut Engine, limits: &ScriptLimits) {
    let call = CallLimits::of(limits);
    engine.on_progress(move |_| call_clock::step(&call).map(Dynamic::from));
    let most = bytes(limits);
    #[allow(deprecated)] // Rhai marks it only as subject to change.
    engine.on_var(move |name, index, context| {
        if is_large_variable(name, index, &context) {
            call_clock::read_next();
        }
        let due = USED.with_borrow_mut(|used| {
            used.uses += 1;
            used.uses % USES == 0
        });
        if due && measured(&context)? > most {
            return Err(too_much(most));
        }
        Ok(None)
    });
}

/// Fails if the last call exceeded a limit, also where a function of the script swallowed the error.
pub(crate) fn end() -> NativeResult<()> {
    call_clock::exceeded()
        .map_or(Ok(()), |why| Err(Box::new(EvalAltResult::ErrorTerminated(why.into(), Position::NONE))))
}

/// Whether a step with this variable may take long. `index` counts from the last variable; 0 stands for an unknown one.
fn is_large_variable(name: &str, index: usize, context: &EvalContext) -> bool {
    let value = match index.checked_sub(1) {
        Some(place) => context.scope().iter_raw().nth(place).map(|(_, _, value)| value),
        None => context.scope().get(name),
    };
    value.is_some_and(is_large) || context.this_ptr().is_some_and(is_large)
}

fn is_large(value: &Dynamic) -> bool {
    if let Ok(items) = value.as_array_ref() {
        items.len() >= LARGE
    } else if let Ok(map) = value.as_map_ref() {
        map.len() >= LARGE
    } else if let Ok(text) = value.as_immutable_string_ref() {
        text.len() >= LARGE_TEXT
    } else {
        value.as_blob_ref().is_ok_and(|bytes| bytes.len() >= LARGE_TEXT)
    }
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
fn measured(context: &EvalContext) -> NativeResult<usize> {
    let level = context.call_level();
    USED.with_borrow_mut(|used| {
        // The first variables are the given fields, which do not count.
        let given = if level == 0 { used.given } else { 0 };
        let mut own = context.this_ptr().map_or(Ok(0), |this| size(this, 0))?;
        // The iterator begins with the last variable.
        for (_, _, value) in context.scope().iter_raw().take(context.scope().len().saturating_sub(given)) {
            own += size(value, 0)?;
        }
        used.bytes.resize(level + 1, 0);
        used.bytes[level] = own;
        Ok(used.around.unwrap_or(0) + used.bytes.iter().sum::<usize>())
    })
}

/// About how many bytes a value takes.
///
/// # Errors
/// Fails when it nests too deeply.
pub(crate) fn size(value: &Dynamic, depth: usize) -> NativeResult<usize> {
    if depth > MAX_DEPTH {
        let message = format!("its values are nested more than {MAX_DEPTH} deep");
        return Err(Box::new(EvalAltResult::ErrorTerminated(message.into(), Position::NONE)));
    }
    let mut bytes = VALUE;
    if let Ok(text) = value.as_immutable_string_ref() {
        bytes += text.len();
    } else if let Ok(items) = value.as_array_ref() {
        for item in items.iter() {
            bytes += size(item, depth + 1)?;
        }
    } else if let Ok(map) = value.as_map_ref() {
        for item in map.values() {
            bytes += ENTRY + size(item, depth + 1)?;
        }
    }
    Ok(bytes)
}
