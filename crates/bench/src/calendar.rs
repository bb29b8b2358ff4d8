//! The three years all data lies in, and dates as text.

/// Days from 1970-01-01 to 2023-01-01, the first day of the data.
pub const FIRST_DAY: i32 = 19_358;
/// Number of days from 2023-01-01 to 2025-12-31.
pub const DAYS: u32 = 1_096;
/// Number of days of 2023, 2024 and 2025.
pub const YEAR_DAYS: [i32; 3] = [365, 366, 365];

/// The date `days` after 1970-01-01 as `2023-01-31`.
pub fn iso(days: i32) -> String {
    // Howard Hinnant's civil_from_days: eras of 400 years that begin on 1 March.
    let z = days + 719_468;
    let (era, day_of_era) = (z.div_euclid(146_097), z.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let year = era * 400 + year_of_era + i32::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

/// Whether the day is a Saturday or a Sunday.
pub fn is_weekend(days: i32) -> bool {
    // 1970-01-01 was a Thursday.
    (days + 3).rem_euclid(7) >= 5
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_right() {
        assert_eq!(iso(0), "1970-01-01");
        assert_eq!(iso(FIRST_DAY), "2023-01-01");
        assert_eq!(iso(FIRST_DAY + 424), "2024-02-29");
        assert_eq!(iso(FIRST_DAY + DAYS as i32 - 1), "2025-12-31");
        assert_eq!(YEAR_DAYS.iter().sum::<i32>(), DAYS as i32);
    }

    #[test]
    fn weekends_are_right() {
        // 2023-01-01 was a Sunday.
        let week: Vec<bool> = (0..7).map(|d| is_weekend(FIRST_DAY + d)).collect();
        assert_eq!(week, [true, false, false, false, false, false, true]);
    }
}
