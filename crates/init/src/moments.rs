//! Moments in forms that sources do not read.

use accolade_engine::source::texts;

/// Whether a text is a moment such as `2025-03-01 10:00:00 +0100` or `Mar 1, 2025 10:00:00 AM`.
pub(crate) fn is_unread_moment(text: &str) -> bool {
    has_zone(text) || names_month(text)
}

/// Whether a text is a date and a time with a time zone after them.
fn has_zone(text: &str) -> bool {
    let Some(moment) = ["Z", " UTC", " GMT"].iter().find_map(|zone| text.strip_suffix(zone)).or_else(|| offset(text))
    else {
        return false;
    };
    moment.contains(':') && texts::datetime(moment.trim_end(), None).is_some()
}

/// Whether a text is a day with the name of its month, and perhaps a time.
fn names_month(text: &str) -> bool {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let words: Vec<String> =
        text.split([' ', ',', '-']).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    let is_month = |word: &String| word.is_char_boundary(3) && word.len() <= 9 && MONTHS.contains(&&word[..3]);
    let number = |word: &&String| word.bytes().all(|byte| byte.is_ascii_digit()).then_some(word.len());
    let numbers: Vec<usize> = words.iter().take(3).filter_map(|word| number(&word)).collect();
    numbers.len() == 2 && numbers.contains(&4) && words.iter().take(2).any(|word| word.len() >= 3 && is_month(word))
}

/// The text before an offset such as `+0100` or `-05:00`.
fn offset(text: &str) -> Option<&str> {
    let (moment, offset) = text.split_at_checked(text.rfind(['+', '-'])?)?;
    let digits: String = offset[1..].chars().filter(|c| *c != ':').collect();
    (digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(moment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_with_a_time_zone() {
        for (text, expected) in [
            ("2025-03-01 10:00:00 -0500", true),
            ("2025-03-01T10:00:00.000+0000", true),
            ("2025-03-01T10:00:00Z", true),
            ("2025-03-01 10:00:00 UTC", true),
            ("2025-03-01 10:00:00", false),
            ("2025-03-01", false),
            ("ab-1234", false),
        ] {
            assert_eq!(has_zone(text), expected, "{text}");
        }
    }

    #[test]
    fn moments_with_the_name_of_a_month() {
        for (text, expected) in [
            ("Mar 04, 2024 09:15:20 AM", true),
            ("4 March 2024", true),
            ("04-Mar-2024", true),
            ("Maria 4", false),
            ("Market 2024", false),
            ("2024", false),
        ] {
            assert_eq!(names_month(text), expected, "{text}");
        }
    }
}
