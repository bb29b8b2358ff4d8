//! The time of day: `23:59`, `23:59:59.5`, `9:05 PM`.

/// `23:59`, `23:59:59` or `23:59:59.999999`, in microseconds.
pub(super) fn time_of_day(text: &[u8]) -> Option<i64> {
    let two = |at: usize, below: i64| {
        let pair = text.get(at..at + 2)?;
        let value = i64::from(pair[0].checked_sub(b'0')?) * 10 + i64::from(pair[1].checked_sub(b'0')?);
        (pair.iter().all(u8::is_ascii_digit) && value < below).then_some(value)
    };
    let colon = |at: usize| (text.get(at) == Some(&b':')).then_some(());
    colon(2)?;
    let minutes = two(0, 24)? * 60 + two(3, 60)?;
    if text.len() == 5 {
        return Some(minutes * 60_000_000);
    }
    colon(5)?;
    let seconds = minutes * 60 + two(6, 60)?;
    let fraction = match text.get(8..)? {
        [] => 0,
        [b'.', digits @ ..] => micros(digits)?,
        _ => return None,
    };
    Some(seconds * 1_000_000 + fraction)
}

/// A time of day as people write it: the hour may have one digit, and `AM` or `PM` may follow.
pub(super) fn spoken(text: &str) -> Option<i64> {
    let text = text.trim();
    let lower = text.to_ascii_lowercase();
    let half = ["am", "a.m.", "pm", "p.m."].into_iter().find(|half| lower.ends_with(half));
    let Some(half) = half else { return time_of_day(padded(text).as_bytes()) };
    let clock = text.get(..text.len() - half.len())?.trim_end();
    // An hour alone is on the hour.
    let clock = if clock.contains(':') { padded(clock) } else { padded(&format!("{clock}:00")) };
    let hour: i64 = clock.get(..2)?.parse().ok()?;
    let within = time_of_day(format!("00{}", clock.get(2..)?).as_bytes())?;
    (1..=12).contains(&hour).then(|| (hour % 12 + if half.starts_with('p') { 12 } else { 0 }) * HOUR + within)
}

const HOUR: i64 = 3_600_000_000;

/// Spreadsheets write `9:05` for `09:05`.
fn padded(text: &str) -> String {
    if text.find(':') == Some(1) { format!("0{text}") } else { text.to_owned() }
}

/// The decimals of a second in microseconds. Those after the sixth must be zero.
fn micros(digits: &[u8]) -> Option<i64> {
    let sound = (1..=9).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit);
    if !sound || digits.iter().skip(6).any(|d| *d != b'0') {
        return None;
    }
    let value = (0..6).fold(0, |value, i| value * 10 + digits.get(i).map_or(0, |d| i64::from(d - b'0')));
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_of_the_day() {
        for (text, expected) in [
            ("9:05", "09:05:00"),
            ("9:05 PM", "21:05:00"),
            ("09:05:10 a.m.", "09:05:10"),
            ("12:00 AM", "00:00:00"),
            ("12:30pm", "12:30:00"),
            ("9 PM", "21:00:00"),
        ] {
            assert_eq!(spoken(text), time_of_day(expected.as_bytes()), "{text}");
        }
        for wrong in ["13:00 PM", "0:30 AM", "9:65 PM", "PM", "9.05 PM", "", "-1:00 AM", "é:00 PM"] {
            assert_eq!(spoken(wrong), None, "{wrong}");
        }
    }
}
