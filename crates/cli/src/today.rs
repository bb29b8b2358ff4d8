//! The current day.

use std::time::SystemTime;

/// The day it is in UTC, in days since 1970-01-01.
pub(crate) fn today() -> i32 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i32::try_from(since.as_secs() / 86_400).unwrap_or(i32::MAX)
}
