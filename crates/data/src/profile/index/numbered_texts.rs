//! Finding the rows of texts that are a number after a common prefix: `C0000001` to `C1000000`, or `12346` and up. The
//! number of digits matters, since `C07` and `C7` are different customers.

use arrow::array::{MAX_INLINE_VIEW_LEN, StringViewArray};

use super::number_bitmap::{NO_ROW, NumberBitmap, NumberSpan};

/// The number of low bits of a view that are its length. Its text is above them.
const LENGTH: u32 = 32;

/// The most digits that are read at once.
const DIGITS: u32 = 8;

const ZEROS: u64 = 0x3030_3030_3030_3030;

/// Texts of one prefix and up to eight digits. Those of one digit come first, then those of two, and so on.
pub(super) struct NumberedTexts {
    form: NumberedForm,
    spans: [NumberSpan; DIGITS as usize],
}

/// The common prefix of texts that are inlined in their views.
#[derive(Clone, Copy)]
struct NumberedForm {
    /// The length of the prefix.
    length: u32,
    /// Its text, and the bits of a view that it is in.
    prefix: u128,
    mask: u128,
    /// The bit at which the digits begin.
    shift: u32,
}

impl NumberedTexts {
    /// The form and the numbers of ascending texts; `None` if they are not numbered or have too many gaps.
    pub(super) fn new(keys: &StringViewArray) -> Option<(NumberedTexts, NumberBitmap)> {
        let views = keys.views();
        let form = NumberedForm::of(views)?;
        let mut spans = [NumberSpan::default(); DIGITS as usize];
        for view in views {
            let (digits, number) = form.number(*view)?;
            // Texts of one length ascend as their numbers do.
            spans[digits].extend(number);
        }
        let numbers = NumberBitmap::over_spans(&mut spans, views.len())?;
        let numbered = NumberedTexts { form, spans };
        let numbers = numbers.with(views.iter().map(|view| numbered.position(*view)));
        Some((numbered, numbers))
    }

    /// The position of a text among the numbers, or [`NO_ROW`].
    pub(super) fn position(&self, view: u128) -> u32 {
        self.form.number(view).map_or(NO_ROW, |(digits, number)| self.spans[digits].position(number))
    }

    /// Whether ascending texts have ascending positions.
    pub(super) fn ascends(&self) -> bool {
        self.spans.iter().filter(|span| !span.is_empty()).count() == 1
    }
}

impl NumberedForm {
    /// The common form of ascending texts.
    fn of(views: &[u128]) -> Option<NumberedForm> {
        let (first, last) = (*views.first()?, *views.last()?);
        let shortest = views.iter().map(|view| *view as u32).min()?;
        // The prefix that the first and the last text have in common is that of all texts. A number has at least one
        // digit.
        let same = ((first ^ last) >> LENGTH).trailing_zeros() / 8;
        let length = same.min(shortest.checked_sub(1)?).min(MAX_INLINE_VIEW_LEN - 1);
        let shift = LENGTH + 8 * length;
        let mask = (1u128 << shift) - (1u128 << LENGTH);
        Some(NumberedForm { length, prefix: first & mask, mask, shift })
    }

    /// The number of digits of a view less one, and the number that they form; `None` if the view has another form.
    fn number(self, view: u128) -> Option<(usize, i64)> {
        let length = view as u32;
        let digits = length.wrapping_sub(self.length);
        if view & self.mask != self.prefix || digits.wrapping_sub(1) >= DIGITS || length > MAX_INLINE_VIEW_LEN {
            return None;
        }
        // Leading zeros make it eight digits.
        let padded = 8 * (DIGITS - digits);
        let eight = ((view >> self.shift) as u64) << padded | ZEROS & !(u64::MAX << padded);
        Some((digits as usize - 1, number(eight)?))
    }
}

/// The number that eight digits form, the first in the lowest byte; `None` if a byte is not a digit.
fn number(digits: u64) -> Option<i64> {
    let values = digits ^ ZEROS;
    // A byte above nine has bits in its upper half, or gets them when six is added.
    let upper = (values | values.wrapping_add(0x0606_0606_0606_0606)) & 0xf0f0_f0f0_f0f0_f0f0;
    if upper != 0 {
        return None;
    }
    // Digits are combined into pairs, pairs into fours, and fours into eight.
    let pairs = (values.wrapping_mul(10 << 8 | 1) >> 8) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs.wrapping_mul(100 << 16 | 1) >> 16) & 0x0000_ffff_0000_ffff;
    let eight = fours.wrapping_mul(10_000 << 32 | 1) >> 32;
    i64::try_from(eight).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn view(key: &str) -> u128 {
        StringViewArray::from_iter_values([key]).views()[0]
    }

    fn numbered(keys: &[&str]) -> Option<(NumberedTexts, NumberBitmap)> {
        NumberedTexts::new(&StringViewArray::from_iter_values(keys))
    }

    #[test]
    fn texts_of_a_form_are_their_numbers() {
        let (padded, eight) = (vec!["C0000001", "C1000000"], vec!["00000000", "99999999"]);
        let (grown, unlike) = (vec!["C1", "C10", "C9"], vec!["NL-100000001", "NL-100000002"]);
        for (keys, key, expected) in [
            (&padded, "C0099999", Some((6, 99_999))),
            (&padded, "C9999999", Some((6, 9_999_999))),
            (&padded, "C000001", Some((5, 1))),
            (&padded, "C00000001", Some((7, 1))),
            (&padded, "C000000001", None),
            (&padded, "C", None),
            (&padded, "", None),
            (&padded, "D0000001", None),
            (&padded, "C00000/1", None),
            (&padded, "C00000:1", None),
            (&padded, "C00000 1", None),
            (&padded, "C00000\u{3b1}", None),
            (&padded, "C0000001 and more than a view", None),
            (&eight, "12345678", Some((7, 12_345_678))),
            (&grown, "C7", Some((0, 7))),
            (&grown, "C07", Some((1, 7))),
            (&grown, "C", None),
            (&unlike, "NL-100000009", Some((0, 9))),
            (&unlike, "NL-100000010", None),
            (&unlike, "NL-1000000012", None),
        ] {
            let keys = StringViewArray::from_iter_values(keys);
            assert_eq!(NumberedForm::of(keys.views()).unwrap().number(view(key)), expected, "{key} among {keys:?}");
        }
    }

    #[test]
    fn keys_of_fewer_digits_come_first() {
        let keys = ["7", "C1", "C10", "C2"];
        let (form, numbers) = numbered(&keys[1..]).unwrap();
        let row = |key| numbers.row(form.position(view(key)));
        let found = ["C1", "C2", "C10", "C3", "C02", "C11", "C100", "C"].map(row);
        assert_eq!(found, [0, 1, 2, NO_ROW, NO_ROW, NO_ROW, NO_ROW, NO_ROW]);
        assert!(!form.ascends() && numbered(&keys[1..2]).unwrap().0.ascends());
        assert!(numbered(&keys).is_none());
    }

    #[test]
    fn other_texts_have_no_form() {
        for keys in [
            vec![],
            vec![""],
            vec!["", "1"],
            vec!["C"],
            vec!["C", "C1"],
            vec!["C10", "C1a", "C20"],
            vec!["C8", "C9", "D0"],
            vec!["C1", "C50000000", "C99999999"],
            vec!["000000001", "900000000"],
            vec!["customer-0000001", "customer-0000002"],
            vec!["NL-100000001", "NL-1000000010"],
        ] {
            assert!(numbered(&keys).is_none(), "{keys:?}");
        }
    }

    proptest! {
        #[test]
        fn eight_bytes_are_a_number_as_the_standard_library_reads_it(text in "[0-9:/ a]{8}") {
            let bytes = <[u8; 8]>::try_from(text.as_bytes()).unwrap();
            prop_assert_eq!(number(u64::from_le_bytes(bytes)), text.parse().ok());
        }

        #[test]
        fn one_other_byte_among_digits_is_noticed(text in "[0-9]{8}", at in 0usize..8, other in any::<u8>()) {
            let mut bytes = <[u8; 8]>::try_from(text.as_bytes()).unwrap();
            bytes[at] = other;
            prop_assert_eq!(number(u64::from_le_bytes(bytes)).is_some(), other.is_ascii_digit());
        }
    }
}
