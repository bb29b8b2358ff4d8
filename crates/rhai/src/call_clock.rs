//! The steps and the time of one call.
//!
//! A step is an expression, a call of a function, and every item that a function compares or passes to a closure. What
//! a step does in one go, such as copying a variable, is at most a pass over the largest value that the limits allow.
//! So the clock is read every few steps, and at each step where values are large.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use accolade_core::script::ScriptLimits;

/// Steps between two readings of the clock while values are small.
const STEPS: u32 = 16;

/// The clock is read at every step after a reading that came this long after the one before.
const SLOW: Duration = Duration::from_millis(1);

/// The limits on the steps and the time of a call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CallLimits {
    steps: u64,
    time: Duration,
}

impl CallLimits {
    pub(crate) fn of(limits: &ScriptLimits) -> CallLimits {
        CallLimits { steps: limits.get("operations"), time: Duration::from_millis(limits.get("milliseconds")) }
    }
}

/// What the running call has used so far.
struct CallClock {
    since: Option<Instant>,
    last_reading: Duration,
    steps: u64,
    /// Steps until the clock is read again.
    left: u32,
    /// The limit that was exceeded. A function may swallow the error, but the call fails.
    exceeded: Option<String>,
}

thread_local! {
    static CLOCK: RefCell<CallClock> = const { RefCell::new(CallClock::new()) };
}

impl CallClock {
    const fn new() -> CallClock {
        CallClock { since: None, last_reading: Duration::ZERO, steps: 0, left: 1, exceeded: None }
    }

    fn step(&mut self, limits: &CallLimits) -> Option<String> {
        self.steps += 1;
        if self.exceeded.is_none() && self.steps > limits.steps {
            self.exceeded = Some(limited("it takes too many steps", "operations"));
        }
        self.left = self.left.saturating_sub(1);
        if self.exceeded.is_none() && self.left == 0 {
            let reading = self.read();
            self.left = if reading.saturating_sub(self.last_reading) < SLOW { STEPS } else { 1 };
            self.last_reading = reading;
            if reading > limits.time {
                let took = format!("it took more than {} ms", limits.time.as_millis());
                self.exceeded = Some(limited(&took, "milliseconds"));
            }
        }
        self.exceeded.clone()
    }

    fn read(&mut self) -> Duration {
        #[cfg(test)]
        if let Some(time) = tests::fake_reading() {
            return time;
        }
        self.since.get_or_insert_with(Instant::now).elapsed()
    }
}

/// A message about a limit of `script_limits`.
pub(crate) fn limited(what: &str, limit: &str) -> String {
    format!("{what}; see `{limit}` of `script_limits`")
}

/// Resets the steps and the time before a call.
pub(crate) fn begin() {
    CLOCK.set(CallClock::new());
}

/// Counts a step. Returns why the call must end, if it must.
pub(crate) fn step(limits: &CallLimits) -> Option<String> {
    CLOCK.with_borrow_mut(|clock| clock.step(limits))
}

/// Makes the next step read the clock.
pub(crate) fn read_next() {
    CLOCK.with_borrow_mut(|clock| clock.left = 1);
}

/// The limit that the call exceeded.
pub(crate) fn exceeded() -> Option<String> {
    CLOCK.with_borrow(|clock| clock.exceeded.clone())
}

#[cfg(test)]
pub(crate) mod tests {
    use std::cell::Cell;

    use super::*;

    thread_local! {
        /// The time between two readings of the clock, and their number; no clock but the real one without it.
        static FAKE: Cell<Option<(Duration, u32)>> = const { Cell::new(None) };
    }

    /// The next reading of the fake clock of this thread, if it has one.
    pub(super) fn fake_reading() -> Option<Duration> {
        let (tick, readings) = FAKE.get()?;
        FAKE.set(Some((tick, readings + 1)));
        Some(tick * readings)
    }

    /// Runs `work` with a clock that goes on by `tick` with each reading. Returns its result and the steps taken.
    pub(crate) fn with_ticks<T>(tick: Duration, work: impl FnOnce() -> T) -> (T, u64) {
        FAKE.set(Some((tick, 0)));
        begin();
        let result = work();
        FAKE.set(None);
        (result, CLOCK.with_borrow(|clock| clock.steps))
    }

    const LIMITS: CallLimits = CallLimits { steps: 1_000, time: Duration::from_millis(10) };

    /// The step at which a call ends, with a clock that goes on by `tick` with each reading.
    fn ends_at(tick: Duration, large: bool) -> (u64, String) {
        let run = || {
            loop {
                if large {
                    read_next();
                }
                if let Some(why) = step(&LIMITS) {
                    return why;
                }
            }
        };
        let (why, steps) = with_ticks(tick, run);
        (steps, why)
    }

    #[test]
    fn the_clock_is_read_at_every_step_where_values_are_large_or_steps_are_long() {
        let micros = Duration::from_micros;
        // The first reading is 0; the 102nd is the first above 10 ms.
        assert_eq!(ends_at(micros(100), true).0, 102);
        assert!(ends_at(micros(100), false).1.contains("too many steps"));
        assert_eq!(ends_at(micros(2_000), false).0, 1 + 16 + 5);
        assert!(ends_at(micros(2_000), false).1.contains("more than 10 ms; see `milliseconds`"));
    }

    #[test]
    fn a_call_that_exceeded_a_limit_stays_over_it() {
        begin();
        (0..1_000).for_each(|_| assert_eq!(step(&LIMITS), None));
        assert_eq!(step(&LIMITS), step(&LIMITS));
        assert!(exceeded().unwrap().contains("too many steps"));
        begin();
        assert_eq!((step(&LIMITS), exceeded()), (None, None));
    }
}
