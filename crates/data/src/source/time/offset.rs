//! The offset of an instant from UTC, which is written after its time of day.

/// The text without its offset, and the offset in microseconds: `Z`, `UTC`, `GMT`, `+01:00`, `-0500`, `+01`.
pub(super) fn split(text: &str) -> Option<(&str, i64)> {
    let bytes = text.as_bytes();
    for zero in ["Z", "z", "UTC", "GMT"] {
        if let Some(before) = text.strip_suffix(zero) {
            return timed(before.trim_end()).map(|before| (before, 0));
        }
    }
    let at = bytes.iter().rposition(|byte| matches!(byte, b'+' | b'-'))?;
    let digits = match &bytes[at + 1..] {
        [a, b] => [*a, *b, b'0', b'0'],
        [a, b, c, d] | [a, b, b':', c, d] => [*a, *b, *c, *d],
        _ => return None,
    };
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number = |a: u8, b: u8| i64::from(a - b'0') * 10 + i64::from(b - b'0');
    let (hours, minutes) = (number(digits[0], digits[1]), number(digits[2], digits[3]));
    if hours > 18 || minutes > 59 {
        return None;
    }
    let offset = (hours * 60 + minutes) * 60_000_000;
    let before = timed(text.get(..at)?.trim_end())?;
    Some((before, if bytes[at] == b'-' { -offset } else { offset }))
}

/// The text, if it ends in a time of day: a day alone has no offset, and the end of `2025-03-01` is none.
fn timed(text: &str) -> Option<&str> {
    let ends = text.ends_with(|c: char| c.is_ascii_digit()) || text.to_ascii_lowercase().ends_with('m');
    let time = text.rsplit(['T', ' ']).next()?;
    let compact = time.len() == 6 && text.len() > 6 && time.bytes().all(|b| b.is_ascii_digit());
    (ends && (text.contains(':') || compact)).then_some(text)
}
