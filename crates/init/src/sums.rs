//! Which amounts of a row add up to another: a total is its parts together.

/// An amount that is other amounts of its row together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SumOf {
    /// The column of the total.
    pub(crate) total: usize,
    /// The columns that are added.
    pub(crate) parts: Vec<usize>,
    /// The columns that are taken off.
    pub(crate) minus: Vec<usize>,
}

/// The most columns that are looked at.
const COLUMNS: usize = 12;

/// The least rows that show a relation.
const ROWS: usize = 3;

/// Finds sums of two or three columns, the shortest for each total. `rows` has the amounts of `columns` in 0.0001, and
/// `taken_off` says which of the columns are discounts: what is added and what is taken off look alike in the rows.
pub(crate) fn sums(columns: &[usize], taken_off: &[bool], rows: &[Vec<Option<i128>>]) -> Vec<SumOf> {
    let count = columns.len().min(COLUMNS);
    let added: Vec<usize> = (0..count).filter(|i| !taken_off[*i]).collect();
    let less: Vec<usize> = (0..count).filter(|i| taken_off[*i]).collect();
    let mut found = Vec::new();
    for total in &added {
        let parts: Vec<usize> = added.iter().copied().filter(|i| i != total).collect();
        let singles = parts.iter().map(|a| vec![*a]);
        let pairs = choose_two(&parts);
        let triples = pairs.iter().flat_map(|pair| {
            let third = parts.iter().filter(|c| **c > pair[1]);
            third.map(|c| [pair.as_slice(), &[*c]].concat())
        });
        let shorter: Vec<Vec<usize>> = singles.chain(pairs.iter().cloned()).collect();
        let whole = pairs.iter().cloned().map(|parts| (parts, Vec::new()));
        let lessened = shorter.iter().flat_map(|parts| less.iter().map(|minus| (parts.clone(), vec![*minus])));
        let all = whole.chain(lessened).chain(triples.map(|parts| (parts, Vec::new())));
        if let Some((parts, minus)) = all.into_iter().find(|(parts, minus)| holds(rows, *total, parts, minus)) {
            let named = |of: Vec<usize>| of.into_iter().map(|i| columns[i]).collect();
            found.push(SumOf { total: columns[*total], parts: named(parts), minus: named(minus) });
        }
    }
    found
}

/// All pairs, each in the order of the columns.
fn choose_two(columns: &[usize]) -> Vec<Vec<usize>> {
    let second = |a: usize| columns.iter().copied().filter(move |b| *b > a);
    columns.iter().flat_map(|a| second(*a).map(|b| vec![*a, b])).collect()
}

/// Whether nearly all rows have the sum, and some have every part of it.
fn holds(rows: &[Vec<Option<i128>>], total: usize, parts: &[usize], minus: &[usize]) -> bool {
    let (mut known, mut fits, mut full) = (0, 0, 0);
    for row in rows {
        let Some(wanted) = row[total] else { continue };
        let value = |i: &usize| row[*i].unwrap_or(0);
        let sum = parts.iter().map(value).sum::<i128>() - minus.iter().map(value).sum::<i128>();
        known += 1;
        fits += usize::from(sum == wanted);
        full += usize::from(sum == wanted && parts.iter().chain(minus).all(|i| value(i) != 0));
    }
    known >= ROWS && 20 * fits >= 19 * known && full > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(rows: &[&[i128]], expected: &[(usize, &[usize], &[usize])]) {
        let columns: Vec<usize> = (0..rows[0].len()).collect();
        let rows: Vec<Vec<Option<i128>>> = rows.iter().map(|row| row.iter().copied().map(Some).collect()).collect();
        let taken_off: Vec<bool> =
            columns.iter().map(|i| expected.iter().any(|(.., minus)| minus.contains(i))).collect();
        let found: Vec<_> =
            sums(&columns, &taken_off, &rows).into_iter().map(|s| (s.total, s.parts, s.minus)).collect();
        let expected: Vec<_> = expected.iter().map(|(t, p, m)| (*t, p.to_vec(), m.to_vec())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_total_is_its_parts_together() {
        check(&[&[60, 4, 2, 66], &[40, 4, 0, 44], &[15, 1, 0, 16]], &[(3, &[0, 1, 2], &[])]);
        check(&[&[121, 100, 21], &[242, 200, 42], &[61, 50, 11]], &[(0, &[1, 2], &[])]);
        check(&[&[60, 4, 10, 54], &[40, 4, 0, 44], &[15, 1, 1, 15]], &[(3, &[0, 1], &[2])]);
        check(&[&[60, 4, 2], &[40, 4, 0], &[15, 1, 0]], &[]);
        check(&[&[60, 50, 10], &[40, 30, 10]], &[]);
        check(&[&[60, 10, 50], &[40, 10, 30], &[9, 1, 8]], &[(2, &[0], &[1])]);
    }
}
