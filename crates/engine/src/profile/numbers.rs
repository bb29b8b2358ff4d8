//! The rows of keys that are numbers without many gaps, such as 12346, or C0000001 to C1000000: the number itself says
//! where its row is written down. Nothing is hashed and no key is compared.

use arrow::array::{MAX_INLINE_VIEW_LEN, StringViewArray};

/// What an entry holds where no customer has the number.
pub(super) const NOBODY: u32 = u32::MAX;

/// The most entries for each key: then no more memory is taken than by hashes.
const SPARSEST: usize = 4;

/// How many of the low bits of a view are its length; its text is above them.
const LENGTH: u32 = 32;

/// The most digits that are read at once.
const DIGITS: u32 = 8;

const ZEROS: u64 = 0x3030_3030_3030_3030;

/// The row of each number from the first on.
pub(super) struct Numbers {
    first: i64,
    rows: Vec<u32>,
}

impl Numbers {
    /// The rows of numbers that ascend; none if there are too many gaps.
    pub(super) fn new(numbers: impl ExactSizeIterator<Item = i64> + DoubleEndedIterator + Clone) -> Option<Numbers> {
        let (count, first, last) = (numbers.len(), numbers.clone().next()?, numbers.clone().next_back()?);
        let entries = usize::try_from(i128::from(last) - i128::from(first) + 1).ok()?;
        if entries > count.saturating_mul(SPARSEST) {
            return None;
        }
        let mut rows = vec![NOBODY; entries];
        for (row, number) in (0u32..).zip(numbers) {
            rows[number.abs_diff(first) as usize] = row;
        }
        Some(Numbers { first, rows })
    }

    /// The row of a number, or [`NOBODY`].
    pub(super) fn row(&self, number: i64) -> u32 {
        // What is less than the first wraps around to what is beyond the last.
        let at = number.wrapping_sub(self.first) as u64;
        usize::try_from(at).ok().and_then(|at| self.rows.get(at)).copied().unwrap_or(NOBODY)
    }

    pub(super) fn size(&self) -> usize {
        self.rows.len() * size_of::<u32>()
    }
}

/// How texts of one length are numbers behind a prefix: `C0000001` is 1 behind `C`.
pub(super) struct Form {
    /// The length and the prefix of a view, and the bits they are in.
    prefix: u128,
    mask: u128,
    /// Where the digits begin.
    shift: u32,
    /// Zeros before the digits, and where the digits go behind them.
    padding: u64,
    padded: u32,
}

impl Form {
    /// The form of ascending texts; none if they have none.
    pub(super) fn of(keys: &StringViewArray) -> Option<Form> {
        let views = keys.views();
        let (first, last) = (*views.first()?, *views.last()?);
        let length = first as u32;
        // What comes first and last begins with what all of them begin with.
        let same = ((first ^ last) >> LENGTH).trailing_zeros() / 8;
        if length > MAX_INLINE_VIEW_LEN || same >= length || length - same > DIGITS {
            return None;
        }
        let (shift, digits) = (LENGTH + 8 * same, length - same);
        let mask = (1u128 << shift) - 1;
        let padded = 8 * (DIGITS - digits);
        let form = Form { prefix: first & mask, mask, shift, padding: ZEROS & !(u64::MAX << padded), padded };
        views.iter().all(|view| form.number(*view).is_some()).then_some(form)
    }

    /// The number of a view, if it is of this form.
    pub(super) fn number(&self, view: u128) -> Option<i64> {
        if view & self.mask != self.prefix {
            return None;
        }
        let digits = ((view >> self.shift) as u64) << self.padded | self.padding;
        number(digits)
    }
}

/// The number of eight digits, the first in the lowest byte.
fn number(digits: u64) -> Option<i64> {
    let values = digits ^ ZEROS;
    // A byte that is more than nine has bits in its upper half, or gets them from six more.
    let upper = (values | values.wrapping_add(0x0606_0606_0606_0606)) & 0xf0f0_f0f0_f0f0_f0f0;
    if upper != 0 {
        return None;
    }
    // Tens and ones are put together, then hundreds, then ten thousands.
    let pairs = (values.wrapping_mul(10 << 8 | 1) >> 8) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs.wrapping_mul(100 << 16 | 1) >> 16) & 0x0000_ffff_0000_ffff;
    let eight = fours.wrapping_mul(10_000 << 32 | 1) >> 32;
    i64::try_from(eight).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn form(keys: &[&str]) -> Option<Form> {
        Form::of(&StringViewArray::from_iter_values(keys))
    }

    fn number_of(form: &Form, key: &str) -> Option<i64> {
        form.number(StringViewArray::from_iter_values([key]).views()[0])
    }

    #[test]
    fn numbers_have_rows_where_gaps_are_few() {
        let numbers = Numbers::new([3, 4, 8].into_iter()).unwrap();
        let rows: Vec<u32> = [3, 4, 5, 8, 2, 9, i64::MIN, i64::MAX].iter().map(|n| numbers.row(*n)).collect();
        assert_eq!(rows, [0, 1, NOBODY, 2, NOBODY, NOBODY, NOBODY, NOBODY]);
        assert_eq!(numbers.size(), 24);
        for few in [&[][..], &[3, 15], &[i64::MIN, i64::MAX], &[-1, i64::MAX]] {
            assert!(Numbers::new(few.iter().copied()).is_none(), "{few:?}");
        }
        assert!(
            Numbers::new([i64::MIN, i64::MIN + 1].into_iter()).is_some_and(|numbers| numbers.row(i64::MIN + 1) == 1)
        );
    }

    #[test]
    fn texts_of_a_form_are_their_numbers() {
        for (keys, key, expected) in [
            (vec!["C0000001", "C0000002", "C1000000"], "C0099999", Some(99_999)),
            (vec!["C0000001", "C1000000"], "C9999999", Some(9_999_999)),
            (vec!["C0000001", "C1000000"], "C000001", None),
            (vec!["C0000001", "C1000000"], "C00000001", None),
            (vec!["C0000001", "C1000000"], "D0000001", None),
            (vec!["C0000001", "C1000000"], "C00000/1", None),
            (vec!["C0000001", "C1000000"], "C00000:1", None),
            (vec!["C0000001", "C1000000"], "C00000 1", None),
            (vec!["C0000001", "C1000000"], "C00000\u{3b1}", None),
            (vec!["C0000001", "C1000000"], "C0000001 and more than a view", None),
            (vec!["00000000", "99999999"], "12345678", Some(12_345_678)),
            (vec!["NL-100000001", "NL-100000002"], "NL-100000009", Some(9)),
            (vec!["NL-100000001", "NL-100000002"], "NL-100000010", None),
        ] {
            let form = form(&keys).unwrap();
            assert_eq!(number_of(&form, key), expected, "{key} among {keys:?}");
        }
    }

    #[test]
    fn other_texts_have_no_form() {
        for keys in [
            vec![],
            vec![""],
            vec!["C1"],
            vec!["C1", "C10"],
            vec!["C10", "C1a", "C20"],
            vec!["C8", "C9", "D0"],
            vec!["000000001", "900000000"],
            vec!["customer-0000001", "customer-0000002"],
            vec!["A001", "A002", "A0022", "A003"],
        ] {
            assert!(form(&keys).is_none(), "{keys:?}");
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
